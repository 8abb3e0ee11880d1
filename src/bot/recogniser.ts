import { asDomainName, asReferenceCode, asTenantId, isDomainName, isGuid, isReferenceCode, type DomainName, type ReferenceCode, type TenantId } from '../domain/ids.js';
import type { Language } from '../commands/ports.js';
import { cut } from '../domain/cut.js';
import { fold } from '../domain/fold.js';

export type Topic = 'nothingChanges' | 'transfer' | 'resale' | 'manage' | 'channels' | 'book';

/** What somebody wants, and what they named. Understanding decides nothing: approve and decline only show the card. */
export type Wish =
  | {
    readonly intent: 'invite'; readonly domain?: DomainName; readonly tenant?: TenantId; readonly reason: string; readonly name?: string;
    /** Further customers in the same sentence, as they were named. */
    readonly others?: readonly string[];
    /** The sentence speaks of managing, and not only of selling. */
    readonly manages?: true;
  }
  | { readonly intent: 'send'; readonly reason: string }
  | { readonly intent: 'cancel' | 'yes' | 'no' }
  | { readonly intent: 'status' | 'approve' | 'decline' | 'mail' | 'remind' | 'withdraw' | 'renew' | 'history' | 'receipt' | 'proof'; readonly about: string }
  | { readonly intent: 'ask' | 'answer'; /** A code, or nothing. */ readonly about: string; /** What is to be said, in the writer's own words; the other side's name may stand before it. */ readonly text: string }
  | { readonly intent: 'forward'; readonly about: string; /** Words that end with somebody's name, or are it. */ readonly to?: string }
  | { readonly intent: 'removeAccess' | 'endRelationship' | 'removeOrEnd' | 'stopRequests' | 'allowRequests'; readonly about: string }
  | { readonly intent: 'customers'; readonly search: string; readonly only: 'all' | 'waiting' | 'active' | 'endingSoon' | 'declined' | 'ended' }
  | { readonly intent: 'nameCustomer'; readonly about: string; readonly alias: string }
  | { readonly intent: 'explain'; readonly topic: Topic }
  | { readonly intent: 'language'; readonly language: Language }
  | { readonly intent: 'helpInvite' | 'help' | 'whoAmI' | 'pending' | 'partners' | 'whoDecides' | 'why' | 'thanks' | 'greeting' | 'negated' | 'look' | 'consent' }
  | { readonly intent: 'unknown'; /** The closest first. */ readonly closest: readonly Suggested[] };

export type Suggested = 'pending' | 'help' | 'partners' | 'customers' | 'invite' | 'whoAmI';

const longest = 2000;

/** Mentions, links and no-break spaces that Teams puts around what was typed. */
const plain = (text: string): string =>
  text
    .slice(0, longest)
    .replace(/<at[^<>]{0,200}>[^<>]{0,200}<\/at>/gi, ' ')
    .replace(/<[^<>]{0,500}>/g, ' ')
    .replace(/\[([^[\]]{1,300})\]\([^()\s]{1,500}\)/g, '$1')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&amp;/gi, '&')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();

const bare = (word: string): string =>
  word
    .replace(/^[("'“‘[]+/, '')
    .replace(/^(?:mailto:|https?:\/\/)/i, '')
    .replace(/^[^@\s]+@/, '')
    .replace(/^www\./i, '')
    .replace(/[/#?].*$/, '')
    .replace(/['’‘ʼ].*$/, '')
    .replace(/[)\].,;:!?"”’]+$/, '');

// Asked first because it is cheap, and because "e.g." is none although it could be one.
const looksLikeDomain = /^(?:[\p{L}\p{M}\d-]{1,63}\.)+[\p{L}\p{M}\d-]{2,63}$/u;

type Named = { readonly domain?: DomainName; readonly tenant?: TenantId };

const namedBy = (word: string): Named | undefined => {
  const candidate = bare(word);
  if (looksLikeDomain.test(candidate) && isDomainName(candidate)) return { domain: asDomainName(candidate) };
  return isGuid(candidate) ? { tenant: asTenantId(candidate) } : undefined;
};

const isSame = (one: Named | undefined, other: Named | undefined): boolean => one?.domain === other?.domain && one?.tenant === other?.tenant;

const codeIn = (text: string): ReferenceCode | undefined => {
  const match = /\bPR[- ]?([A-Z0-9]{3})[- ]?([A-Z0-9]{3})\b/i.exec(text);
  const code = match ? `PR-${match[1]}-${match[2]}` : '';
  return isReferenceCode(code) ? asReferenceCode(code) : undefined;
};

/** A reason that is announced as one, and the sentence without it. */
const withoutReason = (text: string): { readonly reason: string; readonly command: string } => {
  const given = /(?:\s|^)(?:because|reason:|why:|çünkü|cunku|neden:|gerekçe:|gerekce:|sebep:)\s+(\S.*)$/iu.exec(text);
  return given ? { reason: given[1] ?? '', command: text.slice(0, given.index) } : { reason: '', command: text };
};

/** What stands around a name or a reason and belongs to neither. */
const around: ReadonlySet<string> = new Set([
  '', '-', '–', 'a', 'an', 'the', 'for', 'to', 'as', 'please', 'thanks', 'again', 'now', 'today', 'davet', 'et', 'edin', 'edelim', 'edebilir', 'eder', 'etmek', 'mi', 'misin', 'misiniz', 'gonder', 'gonderin', 'gondermek',
  'istiyorum', 'istiyoruz', 'ekle', 'musteri', 'musteriyi', 'olarak', 'ile', 'iliski', 'iste', 'icin', 'lutfen', 'yeniden', 'tekrar', 'simdi', 'bugun', 'tesekkurler',
]);
const says = (word: string): boolean => !around.has(fold(word));

/** From the first to the last word that says something. */
const spanIn = (words: readonly string[]) => ({ from: Math.max(0, words.findIndex(says)), to: words.findLastIndex(says) + 1 });
const trimmed = (words: readonly string[]): readonly string[] => {
  const { from, to } = spanIn(words);
  return words.slice(from, to);
};

const speaksOfManaging = /\b(?:manag(?:e|es|ing|ement)|administ(?:er|ering|rate|rating)|delegated admin\w*|gdap|yonet(?:mek|meyi|memiz|elim|ebil\w*|ecegiz|iriz)|yonetim(?:i|ini|ine)?(?! kurulu))\b/;
/** Says that it is to be managed, and not why. */
const onlyManaging = /^(?:(?:we|can|could|sell|selling|manage|managing|it|them|and|also|gdap|ve|satis|satmak|yapmak|yonetmek|yonetim|hem|de|da)(?: |$))+$/;

/** "invite contoso.com Azure backup", "contoso.com'u Azure yedekleme için davet et": all the rest, unless it names one more customer. */
export const reasonIn = (words: readonly string[]): string => {
  const rest = trimmed(words);
  const reason = rest.join(' ').replace(/^so (?:that )?(?=\S)/i, '');
  return rest.some(namedBy) || /^(?:our )?(?:new )?customer$/i.test(reason) || onlyManaging.test(fold(reason)) ? '' : reason;
};

const noNames: ReadonlySet<string> = new Set(['my', 'our', 'new', 'another', 'customer', 'customers', 'company', 'companies', 'someone', 'somebody', 'people', 'many', 'list', 'yeni', 'bir', 'baska', 'toplu', 'birini']);
const suffix = /['’‘ʼ]\p{L}{1,5}$/u;

/** A company's own name, heard and not guessed: "invite Contoso for Azure backup", "Contoso'yu Azure yedekleme için davet et". Where the name ends is known to whoever knows the companies. */
const companyIn = (words: readonly string[]): { readonly name?: string; readonly reason: string } => {
  const at = words.findIndex((word) => /^(?:invit(?:e|es|ing)|davet)$/.test(fold(word)));
  const before = at > 0 && fold(words[at] ?? '') === 'davet' ? trimmed(words.slice(0, at)) : [];
  const isBefore = before.some((word) => !noNames.has(fold(word)));
  const [said, after] = isBefore ? [before, words.slice(at + 1)] : [trimmed(words.slice(at + 1)), []];
  const last = isBefore ? said.findIndex((word) => suffix.test(word)) : said.findIndex((_, place) => fold(said[place + 1] ?? '') === 'for');
  const end = last === -1 ? said.length : last + 1;
  const name = cut(said.slice(0, end).filter((word) => !noNames.has(fold(word))).join(' ').replace(isBefore ? suffix : '', ''), 60);
  return { ...(at !== -1 && name && { name }), reason: reasonIn(said.slice(end)) || reasonIn(after) };
};

/** What was matched in its folded form, as it was typed: people read their own spelling again. */
export const asTyped = (text: string, about: string): string => {
  const length = about.split(' ').length;
  if (about === '' || length > longestName || isReferenceCode(about)) return about;
  const words = plain(text).split(' ');
  const sizes = Array.from({ length }, (_, less) => length - less);
  const spans = words.flatMap((_, at) => sizes.map((size) => words.slice(at, at + size).join(' ').replace(/["”),;:!?]+$/, '').replace(suffix, '').replace(/^["“(]+/, '')));
  return spans.find((span) => fold(span) === about) ?? about;
};
const longestName = 8;

/** Phrases in their folded form; the first that fits wins, so the more particular ones stand first. */
const phrases: readonly (readonly [RegExp, Wish])[] = [
  [/^(?:cancel(?: (?:the |my )?invit(?:e|ation))?|stop|never ?mind|back|start over|vazgec\w*|(?:daveti )?iptal(?: et)?|bos ver|dur|geri)$/, { intent: 'cancel' }],
  [/^(?:yes|yep|yeah|sure|evet|tamam(?:dir)?|ok|okay|olur|tabii?|elbette|peki)(?: please| lutfen)?$/, { intent: 'yes' }],
  [/^(?:no|nope|hayir|yok)(?: thanks| thank you| tesekkur\w*)?$/, { intent: 'no' }],
  [/^(?:why|why was it refused|why not|neden|nicin|neden reddedildi|neden olmuyor)$/, { intent: 'why' }],
  [/^(?:thanks?|thank you|thx|tesekkur\w*|sag ?ol\w*|eyvallah)$/, { intent: 'thanks' }],
  [/^(?:hi|hello|hey|good (?:morning|afternoon|evening)|merhaba|selam|gunaydin|iyi (?:gunler|aksamlar))$/, { intent: 'greeting' }],
  [/^(?:help invite|help inviting|nasil davet ederim|davet yardim|yardim davet)$/, { intent: 'helpInvite' }],
  [/^(?:help|menu|commands|all commands|what can (?:you|i|we) do(?: here)?|yardim|komutlar|ne yapabilirsin|neler yapabilirim)$/, { intent: 'help' }],
  [/^(?:who am i|whoami|my role|what is my role|what am i allowed to do|ben kimim|rolum ne|rolum|yetkim ne)$/, { intent: 'whoAmI' }],
  [/^(?:english|speak english|in english|switch to english|ingilizce(?:ye gec| konus)?|language english|dil ingilizce)$/, { intent: 'language', language: 'en' }],
  [/^(?:turkce|turkish|turkce konus|turkceye gec|speak turkish|switch to turkish|language turkish|dil turkce)$/, { intent: 'language', language: 'tr' }],
  [/^(?:who can decide|who can approve|who decides|who can approve here|kim onaylayabilir|kim karar verebilir|kim karar verir|who can do what|kim ne yapabilir)\b|^(?:permissions|yetkiler)$/, { intent: 'whoDecides' }],
  [/^what (?:can|may) (?!you\b|i\b|we\b).{2,80} do(?: here)?$|^(?!ben\b|biz\b).{2,80} ne(?:ler)? yapabilir$/, { intent: 'partners' }],
  [/^(?:why do (?:you|they) need (?:this|that|it)|(?:bu )?neden gerekli|bu(?:na)? neden (?:gerek|ihtiyac)\w*)$/, { intent: 'ask', about: '', text: '' }],
  [/\b(?:transfer|move (?:my|our|the) subscriptions?|aktarim|aktar|tasi(?:ma|yin|n)?\b.*abonelik|abonelik\w* (?:tasi|aktar)\w*)/, { intent: 'explain', topic: 'transfer' }],
  [/\b(?:multi-?channel|cok kanalli|bought (?:it )?(?:elsewhere|from microsoft)|enterprise agreement|baska yerden al\w*)\b/, { intent: 'explain', topic: 'channels' }],
  [/\b(?:rule ?book|which rules|how old are the rules|kural kitabi|hangi kurallar)\b/, { intent: 'explain', topic: 'book' }],
  [/\b(?:partner (?:buy|resell)\w*.*partner|buy from a partner|resell to (?:a|another) partner|is ortagi\w* is ortagindan|yeniden sat\w*)/, { intent: 'explain', topic: 'resale' }],
  [/\b(?:delegated admin\w*|gdap|temsilci yonet\w*|sell and manage)\b/, { intent: 'explain', topic: 'manage' }],
  [/^(?:explain|acikla)\b|\b(?:will|do|does) (?:my|our|their|the customer(?:'?s)?) subscriptions? change|what (?:stays|changes|would change)|multi-?partner|coklu is ortagi|abonelik\w* degis(?!ti|medi)\w*|neler? degis(?!ti|medi)\w*/, { intent: 'explain', topic: 'nothingChanges' }],
  [/^(?:consent|allow reading|okuma izni)\b/, { intent: 'consent' }],
  [/^(?:look again|i accepted|done at microsoft|kabul ettim|simdi bak|yeniden bak)\b/, { intent: 'look' }],
  [/^(?:(?:show )?(?:my|our) partners|show partners|who works for us|which partners have access|who sold our (?:licen[cs]es|subscriptions)|is ortaklarim(?:iz)?(?: goster| kim)?|is ortaklarimi(?:zi)? goster|kimlerle calisiyoruz|kimin erisimi var|lisanslari kim satti)$/, { intent: 'partners' }],
  [/^(?:(?:show )?pending|pending requests|what(?: i|')?s waiting|open invitations|anything for me|bekleyen\w*(?: istekler| davetler| goster)?|bende bekleyen var mi|ne bekliyor)$/, { intent: 'pending' }],
];

const negated =
  /\b(?:(?:do|does|did|wo|ca|would|could|should)n'?t|cannot|never|not)(?: \w+){0,3}? (?:approve|accept|decline|reject|invite|send)\b|\b(?:onaylama|kabul etme|reddetme|davet etme|kaldirma|gonderme)(?:yin|yiniz|yalim|yelim|m|di\w{0,2})?\b|\b(?:onayla|reddet|davet et|gonder)miyor\w*/;
const approves = /^(?:(?:yes )?(?:i )?(?:approve|accept|allow)|onayla(?:yin|yalim)?|onayliyor\w*|kabul (?:et|edin|ediyor\w*))\b|\b(?:onayla|onayliyor\w*|kabul et|kabul ediyor\w*|izin ver)$/;
const declines = /^(?:(?:i )?(?:decline|reject|refuse|deny)|reddet|reddedin|reddediyor\w*|kabul etmiyor\w*|istemiyor\w*)\b|\b(?:reddet|reddediyor\w*|kabul etmiyor\w*|istemiyor\w*)$/;
const invites = /\b(?:invit(?:e|es|ing)|(?:send|new) (?:an |the )?invitation|add (?:a )?customer|new customer|request a relationship|davet (?:et|gonder|edin|edelim|etmek|eder mis|edebilir mis)\w*|musteri ekle|yeni musteri|iliski iste)\b|^davet$/;
const sends = /^(?:(?:please|ok|yes|lutfen|evet|tamam|simdi|hemen|artik) )*(?:send(?: it)?|gonder(?:in)?|yolla(?:yin)?)(?: (?:please|now|lutfen|simdi|hemen|artik))*$/;
const asksStatus = /^(?:status|where are we with|did|open)\b|\b(?:durum\w*|ne durumda|kabul etti mi|ac)$|^durum\b|^(?:show|goster)$/;
const asksMail = /^(?:mail|e-?mail|e-?posta|hazir e-?posta)\b/;
const noise =
  /\b(?:status|of|where are we with|did|accept|approve|decline|reject|refuse|deny|allow|yes|i|durumu?|ne durumda|kabul etti mi|kabul (?:et|edin|etmiyor\w*|ediyor\w*)|onayla(?:yin|yalim)?|onayliyor\w*|reddet|reddedin|reddediyor\w*|istemiyor\w*|izin ver|mail|e-?mail|e-?posta|hazir|the|for|show|goster|open|ac)\b/g;
/** "Adatum davetini", "Contoso isteğimi": Turkish bends the noun beside the name. */
const bentNouns = /\b(?:davet|isteg|kart)(?:i|ini|imi|imizi|inizi|inin|imin)\b/g;
/** Names nothing by itself, but may begin a company's name. */
const filler = /^(?:(?:it|this|the|please|my|invitation|request|card|bunu|lutfen|istegi|daveti|karti)(?: |$))+$/;

const suggestions: readonly (readonly [Suggested, string])[] = [
  ['pending', 'pending bekleyenler waiting'], ['help', 'help yardim commands'], ['partners', 'partners is ortaklarim'], ['customers', 'customers musterilerim'], ['invite', 'invite customer davet et'], ['whoAmI', 'who am i ben kimim role'],
];

const pairsOf = (text: string): Set<string> => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));

const closestTo = (text: string): readonly Suggested[] => {
  const pairs = pairsOf(text.slice(0, 60));
  const score = (words: string) => [...pairsOf(words)].filter((pair) => pairs.has(pair)).length / words.length;
  return suggestions.toSorted((one, other) => score(other[1]) - score(one[1])).map(([suggested]) => suggested);
};

const filters: readonly (readonly [RegExp, Extract<Wish, { intent: 'customers' }>['only']])[] = [
  [/\b(?:expir\w*|ending(?: soon)?|ends? soon|yakinda bit\w*|bitecek\w*|suresi (?:biten|dolan)\w*)\b/, 'endingSoon'], [/\b(?:waiting|pending|bekleyen\w*)\b/, 'waiting'],
  [/\b(?:active|etkin)\b/, 'active'], [/\b(?:declined|reddedilen\w*|reddeden\w*)\b/, 'declined'], [/\b(?:ended|sona eren\w*|biten\w*)\b/, 'ended'],
];
const listsCustomers = /^(?:(?:show|list) )?(?:me )?(?:(?:my|our|the|all) )?(?:\w+ )?customers\b|^(?:\w+ ){0,3}musterilerim(?:iz)?(?:i(?:zi)?)?(?: goster| listele)?\b|^musteri listesi\b|\bmusterilerim(?:i)? goster$/;

/** "my customers expiring", "find tailspin", "tailspin'i bul". */
const customersIn = (folded: string): Extract<Wish, { intent: 'customers' }> | undefined => {
  const found = /^(?:find|search(?: for)?|look up|ara|bul) (.{2,80})$/.exec(folded)?.[1] ?? /^(.{2,80}?)(?:'\S{1,3})? (?:bul|ara)$/.exec(folded)?.[1];
  if (found && !/^(?:customer|musteri)$/.test(found)) return { intent: 'customers', search: found, only: 'all' };
  return listsCustomers.test(folded) ? { intent: 'customers', search: '', only: filters.find(([words]) => words.test(folded))?.[1] ?? 'all' } : undefined;
};

type LifeIntent = 'remind' | 'withdraw' | 'forward' | 'proof' | 'renew' | 'history' | 'receipt' | 'removeAccess' | 'endRelationship' | 'removeOrEnd' | 'stopRequests' | 'allowRequests';

/** Commands about one invitation or one other side; what is left after the command's words is whom it is about. */
const lifeWords: readonly (readonly [LifeIntent, RegExp])[] = [
  ['stopRequests', /^(?:stop|block)(?: all| any)?(?: further)? requests?(?: from| by)?\b|\b(?:isteklerini?|istekleri) (?:durdur|engelle)\w*$|\bistek gelmesin$/],
  ['allowRequests', /^(?:allow|take) requests?(?: again)?(?: from| by)?\b|\b(?:isteklerine?|isteklerini) (?:izin ver|yeniden al|ac)\w*$/],
  ['removeAccess', /^(?:remove|revoke|take away|end|cancel)(?: the)? (?:access|permissions|rights|delegated admin\w*)(?: of| from| for| to)?\b|^(?:remove|revoke|take away) (?=.+ (?:access|permissions|rights)$)|\b(?:access|permissions|rights)$|\b(?:erisimini?|yetkilerini?|erisimi|yetkileri) kaldir\w*$|^erisimi kaldir\b/],
  ['endRelationship', /^(?:end|terminate)(?: the| our)? (?:reseller )?relationship(?: with| of)?\b|^(?:stop|quit) working with\b|\b(?:ile )?(?:birlikte )?calismayi (?:birak|sonlandir)\w*|\bbayi iliskisini? (?:sonlandir|bitir)\w*|\biliskiyi (?:sonlandir|bitir|kaldir)\w*$/],
  ['removeOrEnd', /^remove (?:(?:the )?(?:partner|customer) )?|\b(?:is ortagini|musteriyi) kaldir$|\bkaldir$/],
  ['withdraw', /^(?:withdraw|recall|take back)\b|\bgeri (?:cek|al)\w*/],
  ['remind', /^(?:remind|nudge|chase)\b|\bhatirlat\w*$|\btekrar haber ver\w*$/],
  ['forward', /^(?:forward|delegate|not me|someone else decides)\b|\byonlendir\w*$|\bben karar veremem\b/],
  ['renew', /^(?:renew|extend|keep access(?: to)?)\b|\bsuresini uzat\w*$|\bsureyi uzat\w*/],
  ['proof', /^(?:(?:show|give)(?: me)?(?: the| a)? )?(?:proof|prove)\b(?: it)?(?: (?:that )?nothing (?:has |was )?changed)?(?: (?:of|for|to))?|^(?:what|(?:did|has|have) (?:anything|something|(?:my|our|their|the) subscriptions?)) (?:has |have )?changed?\b(?: (?:at|for|with))?|(?:\bhicbir sey\w* degismedigini(?:n)? )?\bkanit\w*(?: goster)?|\b(?:ne(?:ler)?|bir sey|hicbir sey|abonelik\w*) degis(?:ti|medi)(?: mi)?$/],
  ['receipt', /^receipt(?: of| for)?\b|\bbelge(?:si)?$|^belge\b/],
  ['history', /^(?:audit|history|record|full trail|who approved|export audit)(?: of| for)?\b|\bdenetim kaydi\b|\b(?:gecmisi?|kaydi)$|^kim onayladi\b|\bkim onayladi$/],
];

/** "forward to Kemal", "PR-7K3-F9M Kemal Ak'a yönlendir". */
const forwardIn = (said: string, about: string, code: ReferenceCode | undefined): Wish => {
  const to = /\sto\s+(\S.{0,80})$/iu.exec(said)?.[1] ?? /(\S{1,40}(?: \S{1,40})?)['’‘ʼ]\p{L}{1,4}\s+y[öo]nlendir/iu.exec(said)?.[1];
  const before = /^\S+\s+(\S.*?)\s+to\s/iu.exec(said)?.[1] ?? '';
  return to ? { intent: 'forward', about: code ?? (filler.test(fold(before)) ? '' : fold(before)), to } : { intent: 'forward', about };
};

const codeFirst = /^PR[- ]?[A-Z0-9]{3}[- ]?[A-Z0-9]{3}(?:['’‘ʼ]\p{L}+)?[\s,:-]*/iu;
const beginsTalk = /^(?:please |l[üu]tfen )?(?:(ask|quest[iİ]on|(?:(?:[iİ][şs] orta[ğg][ıi]na|soru) )?sor)|answer|reply|(?:m[üu][şs]ter[iİ]y[iİ] )?yan[ıi]tla|cevapla|(?:yan[ıi]t|cevap) ver)(?=[\s:,;.!?]|$)[\s:,;]*(?:(?:to )?(?:the )?(?:partner|customer)\b[\s:,;]*)?(?:(?:about|for)\s+)?(.*)$/isu;
const endsInAsking = /^(?:[iİ][şs] orta[ğg][ıi]na\s)?(.{0,500}?)(?:\sdiye)?\s(?:soru )?sor[.!?\s]*$/isu;
/** Fabrikam'a sor: ... */
const asksSomebody = /^(\S{1,60}(?: \S{1,60}){0,2}['’‘ʼ]\p{L}{1,4}) sor[:,]?\s(.+)$/isu;

/** What is said to the other side is the writer's own, whatever words it holds: "ask why do you need these rights" takes none away. */
const talkIn = (said: string): Wish | undefined => {
  const rest = said.replace(codeFirst, '');
  const begun = beginsTalk.exec(rest);
  const [, whom = '', what = endsInAsking.exec(rest)?.[1]] = asksSomebody.exec(rest) ?? [];
  const spoken = begun ? (begun[2] ?? '') : what === undefined ? undefined : `${whom} ${what}`.trim();
  if (spoken === undefined) return undefined;
  const text = spoken.replace(codeFirst, '').trim();
  return { intent: begun && !begun[1] ? 'answer' : 'ask', about: codeIn(said) ?? '', text: fold(text) === '' ? '' : text };
};

const lifeIn = (said: string, folded: string, code: ReferenceCode | undefined): Wish | undefined => {
  const alias = /^(?:call|name)\s+(\S.{0,80}?)\s+["“]?([^"”]{1,60}?)["”]?$/iu.exec(said) ?? /^(\S.{0,80}?)(?:['’]\p{L}{1,4})?\s+için\s+ad\s+["“]?([^"”]{1,60}?)["”]?$/iu.exec(said);
  if (alias?.[1] && alias[2]) return { intent: 'nameCustomer', about: alias[1], alias: alias[2] };
  const [intent, words] = lifeWords.find(([, pattern]) => pattern.test(folded)) ?? [];
  if (!intent || !words) return undefined;
  const left = folded.replace(words, ' ').replace(/'\S*/g, '').replace(/\b(?:access|permissions|rights|the|with|for|of|ile|icin|musteriye|musterisi|lutfen|please|approval|invitation)\b/g, ' ').replace(bentNouns, ' ').replace(/\s+/g, ' ').trim().replace(/^(?:(?:my|our|this) )?to /, '');
  const about = code ?? (filler.test(left) ? '' : left);
  return intent === 'forward' ? forwardIn(said, about, code) : { intent, about };
};

/** Harmless commands only: a slip of one letter is understood, and never more than one command. */
const harmless: readonly (readonly [string, Wish])[] = [
  ...['pending', 'bekleyenler'].map((word): [string, Wish] => [word, { intent: 'pending' }]), ...['help', 'yardim'].map((word): [string, Wish] => [word, { intent: 'help' }]),
  ...['my partners', 'show my partners', 'is ortaklarim'].map((word): [string, Wish] => [word, { intent: 'partners' }]),
  ...['my customers', 'customers', 'musterilerim'].map((word): [string, Wish] => [word, { intent: 'customers', search: '', only: 'all' }]),
  ...['who am i', 'ben kimim'].map((word): [string, Wish] => [word, { intent: 'whoAmI' }]), ...['invite customer', 'musteri davet et'].map((word): [string, Wish] => [word, { intent: 'invite', reason: '' }]),
  ...['who can decide', 'kim onaylayabilir'].map((word): [string, Wish] => [word, { intent: 'whoDecides' }]),
];

/** One letter more, less, other, or two changed places. */
const isOneSlip = (one: string, other: string): boolean => {
  if (Math.abs(one.length - other.length) > 1 || one === other) return one === other;
  const at = [...one].findIndex((letter, place) => letter !== other[place]);
  const from = at === -1 ? one.length : at;
  const rest = (text: string, skip: number) => text.slice(from + skip);
  return rest(one, 1) === rest(other, 1) || rest(one, 1) === rest(other, 0) || rest(one, 0) === rest(other, 1)
    || (one[from] === other[from + 1] && one[from + 1] === other[from] && rest(one, 2) === rest(other, 2));
};

const almost = (folded: string): Wish | undefined => {
  const fitting = folded.length < 4 || folded.length > 40 ? [] : harmless.filter(([words]) => isOneSlip(folded, words));
  return new Set(fitting.map(([, { intent }]) => intent)).size === 1 ? fitting[0]?.[1] : undefined;
};

/** @param text as typed, in any language, at most 2,000 characters of it are read. */
export const recognise = (text: string): Wish => {
  const said = plain(text);
  const given = withoutReason(said);
  const asked = fold(given.command);
  if (fold(said) === '' && said.includes('?')) return { intent: 'help' };
  const talk = talkIn(said);
  if (talk) return talk;
  // A reason is the person's own words: "because they do not accept ..." forbids nothing.
  if (negated.test(asked)) return { intent: 'negated' };
  if (sends.test(asked)) return { intent: 'send', reason: given.reason };

  const words = given.command.replace(/,(?=\p{L})/gu, ', ').split(' ');
  const at = words.findIndex((word) => namedBy(word) !== undefined);
  const named = namedBy(words[at] ?? '');
  const after = words.slice(at + 1);
  const { from, to } = spanIn(after);
  const rest = named && invites.test(asked) ? reasonIn(after) : '';
  // Nor is it a command: "invite contoso.com manage permissions" takes nothing away.
  const folded = rest === '' ? asked : fold([...words.slice(0, at + 1), ...after.slice(0, from), ...after.slice(to)].join(' '));

  const exact = phrases.find(([pattern]) => pattern.test(folded))?.[1];
  const isInvitation = invites.test(folded);
  if (exact && !(isInvitation && exact.intent === 'explain')) return exact;

  const list = customersIn(folded);
  if (list) return list;
  const code = codeIn(said);
  const life = lifeIn(said, folded, code);
  if (life) return life;
  const left = folded.replace(/'\S*/g, '').replace(noise, ' ').replace(bentNouns, ' ').replace(/\s+/g, ' ').trim();
  const about = code ?? (filler.test(left) ? '' : left);
  if (asksMail.test(folded)) return { intent: 'mail', about };
  if (approves.test(folded)) return { intent: 'approve', about };
  if (declines.test(folded)) return { intent: 'decline', about };

  if (isInvitation) {
    const company = named ? { reason: rest } : companyIn(words);
    const others = [...new Set(after.flatMap((word) => namedBy(word) ? [bare(word)] : []))].filter((other) => !isSame(namedBy(other), named));
    return { intent: 'invite', ...company, ...named, reason: given.reason || company.reason, ...(others.length > 0 && { others }), ...(speaksOfManaging.test(fold(said)) && { manages: true }) };
  }
  if (asksStatus.test(folded) || code) return { intent: 'status', about };
  if (named && words.length === 1) return { intent: 'invite', reason: '', ...named };
  return almost(folded) ?? { intent: 'unknown', closest: closestTo(folded) };
};
