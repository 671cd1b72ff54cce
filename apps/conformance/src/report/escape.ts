const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for HTML and XML. Control characters, which XML does not have, are left out. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, '').replaceAll(/[&<>"']/g, (one) => ENTITIES[one]!);
}
