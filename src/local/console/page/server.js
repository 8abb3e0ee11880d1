/** The console's own server. Answers `{status, body}` of the bot, or throws when nothing came back. */
const ask = async (path, wish) => {
  const response = await fetch(`/console/${path}`, wish && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) });
  if (!response.ok) throw new Error(`The console answered ${response.status} to ${path}.`);
  return response.json();
};

export const state = () => ask('state');
export const chat = (person) => ask(`chat/${person}`);
export const say = (person, text) => ask('say', { person, text });
export const press = (person, message, action) => ask('press', { person, message, action });
export const install = (person) => ask('install', { person });
export const uninstall = (person) => ask('uninstall', { person });
export const accept = (person, partner) => ask('accept', { person, partner });
export const advance = (advanceSeconds) => ask('clock', { advanceSeconds });
export const reset = () => ask('reset', {});

export const hasArrived = ({ status }) => status >= 200 && status < 300;

/** @param onChange the person whose chat changed; `''` after a gap, when anything may have changed */
export const listen = (onChange, onLine) => {
  const events = new EventSource('/console/events');
  events.onopen = () => {
    onLine(true);
    onChange('');
  };
  events.onerror = () => onLine(false);
  events.onmessage = ({ data }) => onChange(JSON.parse(data).person);
};
