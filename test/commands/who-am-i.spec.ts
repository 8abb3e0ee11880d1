import { strict as assert } from 'node:assert';
import { notConsented } from '../../src/commands/ports.js';
import { whoAmI, whoCanDecide } from '../../src/commands/who-am-i.js';
import { deniz, elif, openHouse, outage, type House } from './house.js';

describe('who am I', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  it('tells an agent the company and the roles of this moment', async () => {
    assert.deepEqual(await whoAmI(house.ports)(elif), { side: 'partner', organisation: 'Fabrikam', roles: ['salesAgent'], isGuest: false });
  });

  it('tells somebody of a customer the same, from the customer’s own directory', async () => {
    assert.deepEqual(await whoAmI(house.ports)(deniz), { side: 'customer', organisation: 'Contoso', roles: ['globalAdmin'], isGuest: false });
  });

  it('says of a person nobody knows that there is no role', async () => {
    house.directory.person.resolves(undefined);
    assert.deepEqual((await whoAmI(house.ports)(deniz)).roles, []);
  });

  it('says “cannot tell”, never “no role”, without consent and while Microsoft gives no answer', async () => {
    house.is(deniz, 'unreadable');
    assert.deepEqual(await whoAmI(house.ports)(deniz), { side: 'customer', organisation: 'Contoso', roles: 'unknown', isGuest: false });
    house.directory.person.rejects(outage);
    assert.deepEqual(await whoAmI(house.ports)(elif), { side: 'partner', organisation: '', roles: 'unknown', isGuest: false });
  });

  it('says that a guest is one', async () => {
    house.is(deniz, { roles: ['globalAdmin'], isGuest: true });
    assert.equal((await whoAmI(house.ports)(deniz)).isGuest, true);
  });
});

describe('who can decide', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  it('is told to colleagues of the same company', async () => {
    house.is(deniz, { roles: ['user'] });
    assert.deepEqual(await whoCanDecide(house.ports)(deniz), ['Deniz Çelik']);
  });

  it('is not told to a guest, nor to a partner, and nobody’s directory is read for it', async () => {
    house.is(deniz, { roles: [], isGuest: true });
    assert.deepEqual([await whoCanDecide(house.ports)(deniz), await whoCanDecide(house.ports)(elif)], [[], []]);
    assert.equal(house.directory.deciders.callCount, 0);
  });

  it('cannot be told where the directory may not be read', async () => {
    house.is(deniz, 'unreadable');
    assert.equal(await whoCanDecide(house.ports)(deniz), notConsented);
  });
});
