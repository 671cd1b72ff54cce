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
const NESTED_MEMBERS = new Set(['debits', 'credits', 'connectors', 'entries', 'transfers']);
/** A member whose members are all URIs. */
const URLS_MEMBER = 'urls';
const IS_REWRITTEN: ReadonlySet<string> = new Set([...URI_MEMBERS, ...NESTED_MEMBERS, URLS_MEMBER]);

/** Translates URIs between the adapter's public base and that of the ledger behind it. Injectable by class. */
export class UriTranslation {
  private readonly adapterBases: readonly Base[];
  private readonly ledgerBase: Base;

  /** @param adapterBases public bases of the adapter; the first is used in answers, all are accepted. */
  constructor(adapterBases: readonly string[], ledgerBase: string) {
    this.adapterBases = adapterBases.map(baseOf);
    this.ledgerBase = baseOf(ledgerBase);
  }

  /** A body for the ledger; texts that are not URIs of the adapter stay unchanged. */
  toLedger(json: unknown): unknown {
    return rewrite(json, (uri) => this.uriToLedger(uri));
  }

  /** A body for the caller. */
  toAdapter(json: unknown): unknown {
    const [base = this.ledgerBase] = this.adapterBases;
    return rewrite(json, (uri) => replaceBase(uri, this.ledgerBase, base));
  }

  /** A websocket frame of a client. */
  frameToLedger(frame: unknown): unknown {
    if (!isRecord(frame) || !isRecord(frame['params'])) return frame;
    const { accounts } = frame['params'];
    if (!Array.isArray(accounts)) return frame;
    const rewritten = accounts.map((uri: unknown) => (typeof uri === 'string' ? this.uriToLedger(uri) : uri));
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
    return this.ledgerBase.websocket + path;
  }

  private uriToLedger(uri: string): string {
    return this.adapterBases.reduce((text, base) => replaceBase(text, base, this.ledgerBase), uri);
  }
}

/** A base URL without a slash at its end, and its websocket form. */
interface Base {
  http: string;
  websocket: string;
}

function baseOf(url: string): Base {
  const http = url.replace(/\/+$/, '');
  return { http, websocket: http.replace(/^http/, 'ws') };
}

function rewrite(value: unknown, uri: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, uri));
  if (!isRecord(value)) return value;
  const copy = { ...value };
  for (const name of Object.keys(value)) {
    if (IS_REWRITTEN.has(name)) copy[name] = rewriteMember(name, value[name], uri);
  }
  return copy;
}

function rewriteMember(name: string, member: unknown, uri: (text: string) => string): unknown {
  if (URI_MEMBERS.has(name) && typeof member === 'string') return uri(member);
  if (NESTED_MEMBERS.has(name)) return rewrite(member, uri);
  if (name === URLS_MEMBER && isRecord(member)) {
    return Object.fromEntries(
      Object.entries(member).map(([key, url]) => [key, typeof url === 'string' ? uri(url) : url]),
    );
  }
  return member;
}

/** Replaces the base of a URI, also in its websocket form. A text that only begins alike stays unchanged. */
function replaceBase(text: string, from: Base, to: Base): string {
  if (isUnder(text, from.http)) return to.http + text.slice(from.http.length);
  return isUnder(text, from.websocket) ? to.websocket + text.slice(from.websocket.length) : text;
}

function isUnder(text: string, base: string): boolean {
  return text.startsWith(base) && (text.length === base.length || text[base.length] === '/');
}
