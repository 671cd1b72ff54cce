import { isRecord } from '@level-one/notifications';

/** Members that hold one URI of the ledger. */
const URI_MEMBERS = new Set([
  'id',
  'ledger',
  'account',
  'from',
  'to',
  'debitAccount',
  'creditAccount',
  'transfer',
  'counterparty',
  'next',
]);
/** Members whose own members are translated. All others, above all memos, stay unchanged. */
const NESTED_MEMBERS = new Set(['debits', 'credits', 'connectors', 'entries']);

/** Translates URIs between the adapter's public base and that of the ledger behind it. Injectable by class. */
export class UriTranslation {
  private readonly adapterBases: string[];
  private readonly ledgerBase: string;

  /** @param adapterBases public bases of the adapter; the first is used in answers, all are accepted. */
  constructor(adapterBases: readonly string[], ledgerBase: string) {
    this.adapterBases = adapterBases.map(withoutSlash);
    this.ledgerBase = withoutSlash(ledgerBase);
  }

  /** A body for the ledger; texts that are not URIs of the adapter stay unchanged. */
  toLedger(json: unknown): unknown {
    return rewrite(json, (uri) =>
      this.adapterBases.reduce((text, base) => replaceBase(text, base, this.ledgerBase), uri),
    );
  }

  /** A body for the caller. */
  toAdapter(json: unknown): unknown {
    return rewrite(json, (uri) => replaceBase(uri, this.ledgerBase, this.adapterBases[0] ?? ''));
  }

  /** A websocket frame of a client. */
  frameToLedger(frame: unknown): unknown {
    if (!isRecord(frame) || !isRecord(frame['params'])) return frame;
    const { accounts } = frame['params'];
    if (!Array.isArray(accounts)) return frame;
    const rewritten = accounts.map((uri) => (this.toLedger({ account: uri }) as { account: unknown }).account);
    return { ...frame, params: { ...frame['params'], accounts: rewritten } };
  }

  /** A websocket frame of the ledger. */
  frameToAdapter(frame: unknown): unknown {
    if (!isRecord(frame) || !isRecord(frame['params'])) return frame;
    const { resource } = frame['params'];
    return { ...frame, params: { ...frame['params'], resource: this.toAdapter(resource) } };
  }

  /** Websocket URL of the ledger for a path below its base. */
  ledgerWebsocket(path: string): string {
    return this.ledgerBase.replace(/^http/, 'ws') + path;
  }
}

function rewrite(value: unknown, uri: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, uri));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rewriteMember(name, member, uri)]));
}

function rewriteMember(name: string, member: unknown, uri: (text: string) => string): unknown {
  if (URI_MEMBERS.has(name) && typeof member === 'string') return uri(member);
  if (NESTED_MEMBERS.has(name)) return rewrite(member, uri);
  if (name === 'urls' && isRecord(member)) {
    return Object.fromEntries(
      Object.entries(member).map(([key, url]) => [key, typeof url === 'string' ? uri(url) : url]),
    );
  }
  return member;
}

/** Replaces the base of a URI, also in its websocket form. A text that only begins alike stays unchanged. */
function replaceBase(text: string, from: string, to: string): string {
  for (const [base, replacement] of [
    [from, to],
    [from.replace(/^http/, 'ws'), to.replace(/^http/, 'ws')],
  ] as const) {
    if (text === base || text.startsWith(`${base}/`)) return replacement + text.slice(base.length);
  }
  return text;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
