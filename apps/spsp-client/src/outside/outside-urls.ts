import { Injectable } from '@nestjs/common';
import type { ContractError } from '@level-one/errors';
import { belongsTo, type DfspOriginsDto, outsideUrl, RegisteredOrigins } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { invalidReceiverId, invoiceNotFound, SpspClientErrorId, spspClientError } from './spsp-client-errors.js';

/** Kind of resource that a URL from outside names. */
export type OutsideKind = 'receiver' | 'invoice';

/** A URL of another DFSP, or of our own, that may be called. */
export interface OutsideUrl {
  kind: OutsideKind;
  /** Where it is now. */
  url: string;
  /** Whose it is. */
  owner: DfspOriginsDto;
}

/** One segment after the word, as SPSP servers form their URLs; no other path is called. */
const INVOICE_PATH = /\/invoices?\/[^/]+$/;
const RECEIVER_PATH = /\/receivers\/[^/]+$/;
const SUBMISSION_PATH = /\/(invoices|receiver\/invoice)$/;

function parse(text: string, name: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw commonError(CommonErrorId.InvalidUriParameter, { message: `${name} must be an http(s) URL` });
}

/** Kind of resource that a URL names by its path. */
export function outsideKind(url: URL): OutsideKind {
  return /\/invoices?(\/|$)/.test(url.pathname) ? 'invoice' : 'receiver';
}

/** URLs that come from outside are called only when a DFSP registered their origin (ruling 2). */
@Injectable()
export class OutsideUrls {
  constructor(private readonly origins: RegisteredOrigins) {}

  /**
   * A receiver or invoice URL that may be called.
   * @throws ContractError 400 InvalidUriParameterError, 404 InvalidReceiverIdError or InvoiceNotFoundError.
   */
  async receiverUrlOf(text: string): Promise<OutsideUrl> {
    const url = parse(text, 'receiver');
    const kind = outsideKind(url);
    const notFound = kind === 'invoice' ? invoiceNotFound : invalidReceiverId;
    return this.allowed(text, kind, notFound);
  }

  /** An invoice URL that may be called. @throws ContractError 400, 404 InvoiceNotFoundError. */
  async invoiceUrlOf(text: string): Promise<OutsideUrl> {
    parse(text, 'invoiceUrl');
    return this.allowed(text, 'invoice', invoiceNotFound);
  }

  /**
   * Where notifications of a client are taken; the bare base URL of a scheme adapter is completed.
   * @throws ContractError 400, 404 UserNotFound.
   */
  async submissionUrlOf(text: string): Promise<string> {
    parse(text, 'submissionUrl');
    const place = await this.origins.placeOf(text);
    if (!place) throw spspClientError(SpspClientErrorId.UserNotFound);
    const { url } = place;
    url.pathname = url.pathname.replace(/\/+$/, '');
    if (!SUBMISSION_PATH.test(url.pathname)) url.pathname += '/invoices';
    return url.href;
  }

  private async allowed(text: string, kind: OutsideKind, notFound: () => ContractError): Promise<OutsideUrl> {
    const path = kind === 'invoice' ? INVOICE_PATH : RECEIVER_PATH;
    const given = outsideUrl(text);
    if (!given || !path.test(given.pathname)) throw notFound();
    const place = await this.origins.placeOf(text);
    // Receivers and invoices are at the DFSP's SPSP server only, not at its other registered URLs.
    if (!place || !belongsTo(place.url, place.owner.providerUrl)) throw notFound();
    return { kind, url: place.url.href, owner: place.owner };
  }
}
