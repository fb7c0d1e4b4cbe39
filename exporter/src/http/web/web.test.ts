import { createPasswords, createThreadCompare } from './passwords';
import { createRateLimit } from './rate-limit';
import { isAllowed, subjectNames } from './sans';
import { hashSync } from 'bcryptjs';

describe('names in a certificate', () => {
  it('are those that Go knows, one by one', () => {
    const text = 'DNS:a.example, IP Address:10.0.0.1, URI:spiffe://c/ns/a, email:me@b.example, Registered ID:1.2.3';
    expect(subjectNames(text)).toEqual(['a.example', '10.0.0.1', 'spiffe://c/ns/a', 'me@b.example']);
    expect(subjectNames(undefined)).toEqual([]);
  });

  it('cannot be smuggled in behind a comma', () => {
    const text = 'DNS:"evil.example, DNS:prometheus", URI:"http://x/\\", DNS:prometheus"';
    expect(isAllowed(text, ['prometheus'])).toBe(false);
    expect(isAllowed(text, ['evil.example, DNS:prometheus'])).toBe(true);
  });

  it('are the same address of version 6 in any spelling', () => {
    expect(isAllowed('IP Address:2001:DB8:0:0:0:0:0:1', ['2001:db8::1'])).toBe(true);
    expect(isAllowed('IP Address:2001:DB8:0:0:0:0:0:2', ['2001:db8::1'])).toBe(false);
  });

  it('are none in an empty list', () => {
    expect(isAllowed('DNS:a', [])).toBe(false);
  });
});

it('lets a burst through, then one for each interval', () => {
  const limit = createRateLimit(0.5, 2);
  const at = (...seconds: number[]) => seconds.map((second) => limit.allow(second));
  expect(at(10, 10, 10)).toEqual([true, true, false]);
  expect(at(10.4, 10.5, 10.6)).toEqual([false, true, false]);
  expect(at(99, 99, 99)).toEqual([true, true, false]);
});

describe('passwords', () => {
  const users = new Map([['a', hashSync('right', 5)]]);

  it('are compared in a thread', async () => {
    const { compare, stop } = createThreadCompare();
    const passwords = createPasswords(compare);
    expect(await passwords.check('a', 'right', users)).toBe('right');
    expect(await passwords.check('a', 'wrong', users)).toBe('wrong');
    await stop();
    expect(await passwords.check('a', 'other', users)).toBe('wrong');
    await stop();
  });

  it('are compared once when right, however many ask, and each time when wrong', async () => {
    const asked: string[] = [];
    const passwords = createPasswords((password) => {
      asked.push(password);
      return Promise.resolve(password === 'right');
    });
    const check = (password: string) => passwords.check('a', password, users);
    expect(await Promise.all([check('right'), check('right')])).toEqual(['right', 'right']);
    expect(await check('right')).toBe('right');
    expect(await check('wrong')).toBe('wrong');
    expect(await check('wrong')).toBe('wrong');
    expect(asked).toEqual(['right', 'wrong', 'wrong']);
    const changed = new Map([['a', hashSync('left', 4)]]);
    await passwords.check('a', 'right', changed);
    expect(asked).toHaveLength(4);
  });

  it('of a user that nobody knows cost as much, and are never right', async () => {
    const hashes: string[] = [];
    const passwords = createPasswords((_password, hash) => {
      hashes.push(hash);
      return Promise.resolve(true);
    });
    expect(await passwords.check('nobody', 'x', users)).toBe('wrong');
    expect(await passwords.check('nobody', 'x', users)).toBe('wrong');
    expect(hashes).toHaveLength(2);
    expect(hashes[0]).toMatch(/^\$2b\$05\$[./A-Za-z0-9]{53}$/);
  });

  it('wait in a line of bounded length', async () => {
    let answer: (same: boolean) => void = () => undefined;
    const passwords = createPasswords(() => new Promise((resolve) => (answer = resolve)));
    const waiting = Array.from({ length: 16 }, (_, index) => passwords.check('a', String(index), users));
    expect(await passwords.check('a', 'one more', users)).toBe('busy');
    answer(false);
    expect(await waiting[15]).toBe('wrong');
  });

  it('are forgotten when there are more than a hundred', async () => {
    let asked = 0;
    const passwords = createPasswords(() => Promise.resolve(Boolean((asked += 1))));
    const many = new Map(Array.from({ length: 101 }, (_, index) => [`u${index}`, String(index)]));
    for (const user of many.keys()) await passwords.check(user, 'x', many);
    await passwords.check('u100', 'x', many);
    expect(asked).toBe(101);
    await passwords.check('u0', 'x', many);
    expect(asked).toBe(102);
  });
});
