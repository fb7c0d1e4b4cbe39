/** @param pattern `*` stands for anything; absent: everything fits */
export function glob(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined || pattern === '*') return () => true;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const form = new RegExp(`^${parts.join('.*')}$`, 's');
  return (text) => form.test(text);
}
