import type { TurnContext } from 'botbuilder';
import { z } from 'zod';
import type { Met } from '../commands/meet-person.js';
import type { Speaker } from '../commands/gather.js';
import { asPersonId, asTenantId } from '../domain/ids.js';
import { clean } from './cards/text.js';

// The gate has verified the token and that both tenant ids agree; this reads what Teams says of the sender.
const spoken = z.object({
  serviceUrl: z.string(),
  locale: z.string().max(40).optional().catch(undefined),
  from: z.object({ id: z.string(), aadObjectId: z.guid(), name: z.string().max(500).optional().catch(undefined) }),
  conversation: z.object({ id: z.string(), conversationType: z.string().optional().catch(undefined), tenantId: z.guid().optional().catch(undefined) }),
  channelData: z.object({ tenant: z.object({ id: z.guid() }) }).optional().catch(undefined),
  entities: z.array(z.looseObject({ type: z.string().optional(), timezone: z.string().max(60).optional(), locale: z.string().max(40).optional() })).optional().catch(undefined),
});

export type Heard = { readonly speaker: Speaker; readonly met: Met; readonly isPersonal: boolean };

/** Who speaks, as the platform verified them. `undefined`: a sender without an account in a tenant, who may do nothing. */
export const heardFrom = ({ activity }: TurnContext): Heard | undefined => {
  const parsed = spoken.safeParse(activity);
  if (!parsed.success) return undefined;
  const { from, conversation, channelData, serviceUrl, locale, entities } = parsed.data;
  const tenantId = conversation.tenantId ?? channelData?.tenant.id;
  if (!tenantId) return undefined;
  const speaker: Speaker = { tenant: asTenantId(tenantId), person: asPersonId(from.aadObjectId), name: clean(from.name ?? '') };
  const client = entities?.find(({ type }) => type === 'clientInfo');
  const spokenLocale = locale ?? client?.locale;
  return {
    speaker,
    isPersonal: conversation.conversationType === undefined || conversation.conversationType === 'personal',
    met: {
      teamsUser: from.id, ...speaker, conversation: conversation.id, serviceUrl,
      ...(spokenLocale && { locale: spokenLocale }), ...(client?.timezone && { timeZone: client.timezone }),
    },
  };
};
