/** Whether a path is another one than it seems, as URLs are read: for dot segments, encoded ones too. */
export function leadsElsewhere(path: string): boolean {
  const [named = ''] = path.split('?');
  return !new URL(named.replace(/^\/*/, '/'), 'http://role').pathname.endsWith(named);
}
