/**
 * Microsoft's side has its own list of regional markets: a partner sells inside one of them. As of 2023-10.
 * @see Partner Center docs, 'CSP regional markets and currencies'
 */
const markets = [
  'AO BJ BW BF BI CM CV CF TD KM CG CD CI DJ GQ ER ET PF GA GM GH GN GW KE LR MG MW ML MU YT NA NC NE NG RE RW ST SN SC SL SO SS SH TZ TG UG ZM',
  'BD BT BN KH HK ID LA MO MY MV MM NP PH SG LK TH TL VN',
  'AU CX CC CK FJ TF HM KI MH FM NR NU NF PW PG PN SB TK TO TV WF',
  'BR',
  'CA PM',
  'CN',
  'AX AD AT BE BV BG HR CY CZ DK EE FO FI FR DE GI GR GL GG HU IS IE IM IT JE LV LI LT LU MT MC NL NO PL PT RO SM SK SI ES SJ SE CH GB VA',
  'IN',
  'JP',
  'KR',
  'AI AQ AG AR AW BS BB BZ BM BO BQ VG KY CL CO CR CW DM DO EC SV FK GF GD GP GT GY HT HN JM MQ MX MS NI PA PY PE PR BL KN LC MF VC SX GS SR TT TC UY VE VI',
  'AF AL DZ AM AZ BH BA IO EG GE IQ IL JO KZ XK KW KG LB LS LY MR MD MN ME MA MZ MK OM PK PS QA SA RS ZA SZ TJ TN TR TM UA AE UZ YE ZW',
  'NZ WS VU',
  'TW',
  'AS GU MP US UM',
].map((countries) => new Set(countries.split(' ')));

export const areInOneMarket = (one: string, other: string): boolean => markets.some((market) => market.has(one) && market.has(other));
