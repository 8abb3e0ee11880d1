import Keyv from 'keyv';
import type { Server } from 'restify';
import type { SignIn, SignIns } from '../../src/commands/ports.js';
import type { TenantId } from '../../src/domain/ids.js';
import { createLog } from '../../src/log.js';
import { createSigningIn, type SigningIn } from '../../src/microsoft/sign-in.js';
import type { Ground } from '../../src/pages/ports.js';
import { MachineClock, openSandbox, type OpenSandbox } from '../local/partner-center/a-sandbox.js';
import { counted } from '../microsoft/a-client.js';
import type { ServerOptions } from '../../src/server/server.js';
import { closeHouses, openHouse, type House } from '../server/house.js';
import { freePort } from '../stories/product.js';

export type Seen = { readonly status: number; readonly text: string; readonly location: string; readonly headers: Headers };

/** A browser without a screen: keeps cookies, follows nothing. */
export class Browser {
  readonly cookies = new Map<string, string>();
  constructor(private readonly url: string, private readonly language = 'en') {}

  get(path: string): Promise<Seen> {
    return this.go(path, {});
  }

  post(path: string, form: Readonly<Record<string, string | undefined>>): Promise<Seen> {
    const fields = Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined);
    return this.go(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Presses the button of the form that leads there, the one with `more` in it if there are several, with what the page put into it. */
  async press(path: string, page: Seen, more: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const forms = page.text.split('<form ').filter((one) => one.includes(`${path}"`));
    const form = forms.find((one) => Object.values(more).every((value) => one.includes(value))) ?? forms[0];
    if (form === undefined) throw new Error(`No form leads to ${path}.`);
    const fields = [...(form.split('</form>')[0] ?? '').matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [name, value]);
    return this.post(path, { ...Object.fromEntries(fields), ...more });
  }

  private async go(path: string, init: RequestInit): Promise<Seen> {
    const answer = await fetch(path.startsWith('http') ? path : `${this.url}${path}`, {
      ...init, redirect: 'manual', headers: { 'accept-language': this.language, ...(this.cookies.size > 0 && { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') ?? '', headers: answer.headers };
  }
}

/** Refresh tokens in a list, and how they stand. */
export const signInsInMemory = (machineNow: () => Date) => {
  const kept: (readonly [TenantId, string])[] = [];
  const standing = new Map<TenantId, SignIn>();
  const signIns: SignIns = {
    redeem: async () => { throw new Error('Not asked for here.'); },
    keep: async (partner, token) => {
      kept.push([partner, token]);
      standing.set(partner, { partner, signedInAt: machineNow().toISOString(), renewedAt: machineNow().toISOString() });
    },
    all: async () => [...standing.values()],
  };
  return { kept, standing, signIns };
};

export type PageHouse = {
  readonly url: string;
  readonly raw: House['raw'];
  readonly ground: Ground;
  readonly machine: MachineClock;
  readonly sandbox: OpenSandbox;
  readonly signingIn: SigningIn;
  readonly memory: ReturnType<typeof signInsInMemory>;
  readonly lines: readonly string[];
  browser(language?: string): Browser;
  /** What the person does on Microsoft's sign-in page; gives where the browser goes next. */
  answer(authorizeUrl: string, person: string, mfa?: boolean): Promise<string>;
};

const open = new Set<() => Promise<void>>();
export const closePageHouses = async (): Promise<void> => {
  await closeHouses();
  await Promise.all([...open].map((close) => close()));
  open.clear();
};

/** The real server with pages on it, and the sandbox as Microsoft. */
export const openPageHouse = async (mount: (server: Server, house: Omit<PageHouse, 'browser' | 'answer' | 'raw'>) => void, publicUrl?: string, more: Partial<ServerOptions> = {}): Promise<PageHouse> => {
  const machine = new MachineClock();
  const sandbox = await openSandbox({ machine });
  open.add(() => sandbox.close());
  const memory = signInsInMemory(machine.now);
  const signingIn = createSigningIn({
    ...sandbox, accounts: sandbox.partners.map(({ refreshToken: _fixed, ...partner }) => ({ ...partner, user: 'kept' as const })),
    allowedLinkOrigins: [sandbox.url], machineNow: machine.now, guid: counted(), random: () => 0, signIns: memory.signIns,
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  const log = createLog({ level: 'debug', form: 'json', to: { write: (line) => void lines.push(line) } });
  const ground: Ground = { keyv: new Keyv({ throwOnErrors: true }), publicUrl: publicUrl ?? url, machineNow: machine.now, log };
  const house = { url, ground, machine, sandbox, signingIn, memory, lines };
  const { raw } = await openHouse({ port, pages: (server) => mount(server, house), ...more });
  return {
    ...house, raw,
    browser: (language) => new Browser(url, language),
    answer: async (authorizeUrl, person, mfa = true) => {
      const { status, body } = await sandbox.control('POST', 'sign-in', { authorizeUrl, person, mfa });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return (body as { redirect: string }).redirect;
    },
  };
};

/** What a page says, without its marks. */
export const textIn = ({ text }: Seen): string =>
  text.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<title>.*?<\/title>/, '').replace(/<[^>]+>/g, ' ').replace(/&#39;/g, '’').replace(/\s+/g, ' ').trim();
