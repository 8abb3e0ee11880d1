import { z } from 'zod';
import type { AuditRecord } from './audit.js';
import { seekPage } from './partner-center-pages.js';
import { attributes, refusal, type PartnerCenterWire } from './partner-center-wire.js';
import { parsed, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';

const dayMs = 86_400_000;
const daysBack = 90;
const filterSchema = z.strictObject({ Field: z.enum(['CompanyName', 'CustomerId', 'ResourceType']), Value: z.string().min(1), Operator: z.enum(['equals', 'substring', 'starts_with']) });

/** The day an ISO date begins, in UTC milliseconds; what comes after the day is left out. */
const dayIn = (text: string | null): number | undefined => {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T.*)?$/.exec(text ?? '') ?? [];
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at;
};

/** `undefined`: not a filter. */
const auditFilter = (text: string | null): ((record: AuditRecord) => boolean) | undefined => {
  if (text === null) return () => true;
  const filter = filterSchema.safeParse(parsed(text)).data;
  if (!filter) return undefined;
  const wanted = filter.Value.toLowerCase();
  const fits = (value: string | null): boolean => {
    const has = (value ?? '').toLowerCase();
    return filter.Operator === 'equals' ? has === wanted : filter.Operator === 'substring' ? has.includes(wanted) : has.startsWith(wanted);
  };
  return ({ customerName, customerId, resourceType }) => fits(filter.Field === 'CompanyName' ? customerName : filter.Field === 'CustomerId' ? customerId : resourceType);
};

/** What was done in the name of a partner or to its relationships; the app alone may read it. @see Partner Center docs, "Get a record of Partner Center activity" */
export const auditRoutes = (state: State, { caller }: PartnerCenterWire, pageSize: () => number): readonly Route[] => {
  const records = (asked: Asked): Answered => {
    const { partner } = caller(asked);
    const { searchParams } = asked.url;
    const [from, last] = [dayIn(searchParams.get('startDate')), searchParams.has('endDate') ? dayIn(searchParams.get('endDate')) : Number.POSITIVE_INFINITY];
    const isWanted = auditFilter(searchParams.get('filter'));
    if (from === undefined || last === undefined || last < from) return refusal(400, 2000, 'The startDate or the endDate is not valid.');
    if (!isWanted) return refusal(400, '2000', 'The filter is not valid.');
    const today = dayIn(state.now().toISOString()) ?? 0;
    if (from < today - daysBack * dayMs) return refusal(400, 2000, 'The startDate is more than 90 days before the current date.');
    const isInTime = ({ operationDate }: AuditRecord): boolean => Date.parse(operationDate) >= from && Date.parse(operationDate) < last + dayMs;
    // Some share an instant: those stay in the order in which they were written.
    const found = state.auditsOf(partner.id)
      .map((record, at) => ({ record, key: `${record.operationDate} ${String(at).padStart(10, '0')}` }))
      .filter(({ record }) => isInTime(record) && isWanted(record))
      .sort((one, other) => (one.key < other.key ? -1 : 1));
    const query = ['startDate', 'endDate', 'filter'].flatMap((name) => (searchParams.has(name) ? [`${name}=${encodeURIComponent(searchParams.get(name) ?? '')}`] : [])).join('&');
    return seekPage({ asked, owner: partner.id, items: found, keyOf: ({ key }) => key, bodyOf: ({ record }) => ({ ...record, ...attributes('AuditRecord') }), uri: `/auditrecords?${query}`, size: pageSize() });
  };

  return [{ method: 'get', path: '/partner-center/v1/auditrecords', answer: records }];
};
