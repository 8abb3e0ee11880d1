import type { Country } from './facts.js';

/**
 * CSP regional markets: a partner whose company country is in a list may sell to customers whose tenant country is in the
 * same list (MP-39). Countries in no list are not sold to. Lists change: as of 2023-10.
 * @see Partner Center docs, 'CSP regional markets and currencies'
 */
const countries = {
  africa:
    'AO BJ BW BF BI CM CV CF TD KM CG CD CI DJ GQ ER ET PF GA GM GH GN GW KE LR MG MW ML MU YT NA NC NE ' +
    'NG RE RW ST SN SC SL SO SS SH TZ TG UG ZM',
  asiaPacific:
    'BD BT BN KH HK ID LA MO MY MV MM NP PH SG LK TH TL VN',
  australia:
    'AU CX CC CK FJ TF HM KI MH FM NR NU NF PW PG PN SB TK TO TV WF',
  brazil:
    'BR',
  canada:
    'CA PM',
  china:
    'CN',
  europe:
    'AX AD AT BE BV BG HR CY CZ DK EE FO FI FR DE GI GR GL GG HU IS IE IM IT JE LV LI LT LU MT MC NL NO ' +
    'PL PT RO SM SK SI ES SJ SE CH GB VA',
  india:
    'IN',
  japan:
    'JP',
  korea:
    'KR',
  latinAmericaCaribbean:
    'AI AQ AG AR AW BS BB BZ BM BO BQ VG KY CL CO CR CW DM DO EC SV FK GF GD GP GT GY HT HN JM MQ MX MS ' +
    'NI PA PY PE PR BL KN LC MF VC SX GS SR TT TC UY VE VI',
  middleEastCentralEasternEurope:
    'AF AL DZ AM AZ BH BA IO EG GE IQ IL JO KZ XK KW KG LB LS LY MR MD MN ME MA MZ MK OM PK PS QA SA RS ' +
    'ZA SZ TJ TN TR TM UA AE UZ YE ZW',
  newZealand:
    'NZ WS VU',
  taiwan:
    'TW',
  unitedStates:
    'AS GU MP US UM',
} as const;

export type Market = keyof typeof countries;

export const markets = Object.keys(countries) as readonly Market[];

const marketByCountry = new Map<Country, Market>(
  markets.flatMap((market) => countries[market].split(' ').map((country) => [country, market] as const)),
);

export const marketOf = (country: Country): Market | undefined => marketByCountry.get(country.toUpperCase());
