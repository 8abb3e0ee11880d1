import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NotAnIdError, asDomainName, asInvitationId, asPersonId, asReferenceCode, asSubscriptionId, asTenantId, isDomainName, isGuid, isReferenceCode, newReferenceCode } from '../../src/domain/ids.js';
import { guid } from '../helpers/builders.js';

const runs = { seed: 1, numRuns: 500 };

describe("Microsoft's ids", () => {
  for (const [kind, as] of Object.entries({ 'tenant id': asTenantId, 'person id': asPersonId, 'invitation id': asInvitationId, 'subscription id': asSubscriptionId })) {
    it(`are lower-cased once, and anything else is no ${kind}`, () => {
      assert.equal(as(' 9F86D081-884C-7D65-9A2F-EAA0C55AD015 '), '9f86d081-884c-7d65-9a2f-eaa0c55ad015');
      for (const text of ['', 'contoso.com', guid(1).slice(1), `${guid(1)}0`, `{${guid(1)}}`, guid(1).replace('0', 'g'), `${guid(1)}\n${guid(2)}`]) {
        assert.throws(() => as(text), (error) => error instanceof NotAnIdError && error.kind === kind && error.message === `This is not a ${kind}.`, text);
      }
    });
  }

  it('need not be the UUIDs of the standard', () => {
    assert(isGuid('ffffffff-ffff-ffff-ffff-fffffffffff0'));
  });

  it('are text', () => {
    for (const value of [undefined, null, 1, {}, [guid(1)]]) assert(!isGuid(value));
  });
});

describe('a domain name', () => {
  for (const [written, name] of [
    ['contoso.com', 'contoso.com'],
    ['  Contoso.COM ', 'contoso.com'],
    ['contoso.com.', 'contoso.com'],
    ['contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['3m.com', '3m.com'],
    ['şirket.com.tr', 'xn--irket-idb.com.tr'],
    ['Şirket.com.tr', 'xn--irket-idb.com.tr'],
    ['ŞİRKET.COM.TR', 'xn--irket-idb.com.tr'],
    ['S\u0327I\u0307RKET.com.tr', 'xn--irket-idb.com.tr'],
    ['xn--irket-idb.com.tr', 'xn--irket-idb.com.tr'],
    ['çağlayan.com.tr', 'xn--alayan-vua36b.com.tr'],
    ['ışık.com.tr', 'xn--k-ekaa7p.com.tr'],
    ['İstanbul.com', 'istanbul.com'],
    ['ISTANBUL.com', 'istanbul.com'],
    ['MİCROSOFT.COM', 'microsoft.com'],
    ['elif@contoso.com', 'contoso.com'],
    ['contoso.com/about', 'contoso.com'],
  ] as const) {
    it(`is ${name} when somebody writes "${written}"`, () => assert.equal(asDomainName(written), name));
  }

  for (const text of [
    '', 'contoso', '.com', 'contoso..com', '-contoso.com', 'contoso-.com', 'con_toso.com', 'contoso .com', '10.0.0.1', '0x7f.1', '[::1]', `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(127)}com`, 'https://contoso.com',
  ]) {
    it(`is not ${JSON.stringify(text.length > 40 ? `${text.slice(0, 20)}…` : text)}`, () => {
      assert(!isDomainName(text));
      assert.throws(() => asDomainName(text), NotAnIdError);
    });
  }

  it('stays the same when it is read again', () => {
    fc.assert(fc.property(fc.domain(), (text) => {
      const name = asDomainName(text);

      assert.equal(asDomainName(name), name);
      assert.match(name, /^[a-z0-9.-]+$/);
    }), runs);
  });

  it('is asked of any text without a crash', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.equal(typeof isDomainName(text), 'boolean');
    }), runs);
  });
});

describe('a reference code', () => {
  const codes = fc.infiniteStream(fc.integer({ min: 0, max: 255 })).map((bytes) => newReferenceCode(() => bytes.next().value as number));

  it('holds no letter that looks like another or like a digit, and none that Turkish writes in two ways', () => {
    fc.assert(fc.property(codes, (code) => assert.match(code.slice(3), /^[ACDEFGHJKMNPQRTVWXY34679]{3}-[ACDEFGHJKMNPQRTVWXY34679]{3}$/)), runs);
    for (const [one, other] of ['0O', '1I', '1L', '2Z', '5S', '8B', 'UV', 'Iİ'] as const) {
      assert(!(isReferenceCode(`PR-${one}AA-AAA`) && isReferenceCode(`PR-${other}AA-AAA`)), `${one} and ${other}`);
    }
  });

  it('takes every letter from equally many bytes', () => {
    const drawn = new Map<string, number>();
    for (let byte = 0; byte < 240; byte += 1) {
      const letter = newReferenceCode(() => byte).charAt(3);
      drawn.set(letter, (drawn.get(letter) ?? 0) + 1);
    }

    assert.deepEqual([...new Set(drawn.values())], [10]);
    assert.equal(drawn.size, 24);
  });

  it('draws again when a byte would make some letters likelier', () => {
    const bytes = [255, 240, 0, 1, 2, 254, 3, 4, 5];

    assert.equal(newReferenceCode(() => bytes.shift() ?? 0), 'PR-ACD-EFG');
  });

  it('is understood however people write it', () => {
    fc.assert(fc.property(codes, fc.constantFrom('-', ' ', ''), fc.boolean(), (code, gap, isLower) => {
      const written = code.replaceAll('-', gap);

      assert.equal(asReferenceCode(isLower ? ` ${written.toLowerCase()} ` : written), code);
    }), runs);
  });

  for (const text of ['', 'PR', '7K3-F9M', 'PR-7K3', 'PR-7K3-F9MM', 'PR-7O3-F9M', 'PR-İK3-F9M', 'PR--7K3-F9M', 'PR-7K3-F9M because']) {
    it(`is not "${text}"`, () => {
      assert(!isReferenceCode(text));
      assert.throws(() => asReferenceCode(text), (error) => error instanceof NotAnIdError && error.kind === 'reference code');
    });
  }
});
