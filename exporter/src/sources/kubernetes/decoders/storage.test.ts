import { storageHash, withoutSecrets } from './storage';

const DIGEST = `@sha256:${'ab'.repeat(32)}`;

describe('a URI without what may be secret', () => {
  it.each([
    ['s3://bucket/model', 's3://bucket/model'],
    ['pvc://claim/model', 'pvc://claim/model'],
    ['https://me:hunter2@example.com/m?X-Signature=abc#x', 'https://example.com/m'],
    ['s3://key:pa/ss@bucket/x', 's3://bucket/x'],
    ['s3://key:p/a@s/s@bucket/x', 's3://bucket/x'],
    ['s3://key:pa?ss@bucket/x', 's3://'],
    ['s3://key:pa#ss@bucket/x', 's3://'],
    ['s3://a@key:pa?ss@bucket/x', 's3://'],
    ['me:hunter2@host/x', 'host/x'],
    ['me:hunter2?@host/x', undefined],
    [`oci://registry.example/models/fraud${DIGEST}`, `oci://registry.example/models/fraud${DIGEST}`],
    [`oci://me:hunter2@registry.example/fraud${DIGEST}`, `oci://registry.example/fraud${DIGEST}`],
    [undefined, undefined],
  ])('%s', (uri, shown) => {
    expect(withoutSecrets(uri)).toBe(shown);
  });

  it('is its scheme alone where its end was cut off', () => {
    expect(withoutSecrets(`s3://key:${'secret'.repeat(300)}`)).toBe('s3://');
  });
});

describe('the hash of a URI', () => {
  it('tells places apart, and no credentials', () => {
    expect(storageHash('s3://bucket/model')).toMatch(/^[0-9a-f]{12}$/);
    expect(storageHash('s3://bucket/model/2')).not.toBe(storageHash('s3://bucket/model'));
    expect(storageHash('https://me:new@example.com/m?token=2')).toBe(
      storageHash('https://me:old@example.com/m?token=1')
    );
    expect(storageHash('s3://bucket/day=1')).not.toBe(storageHash('s3://bucket/day=2'));
    expect(storageHash(':s3,secret_access_key=hunter2:bucket/m')).toBeUndefined();
    expect(storageHash(undefined)).toBeUndefined();
  });
});
