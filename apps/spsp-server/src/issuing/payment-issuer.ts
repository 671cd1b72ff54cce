import { Inject, Injectable } from '@nestjs/common';
import {
  conditionOf,
  encodePacket,
  encodePskData,
  encodeIpr,
  fulfillmentPreimage,
  formatFulfillment,
  IPR_HEADERS,
  isUnderPrefix,
  joinAddress,
  packetFromText,
  packetToText,
  parseCondition,
} from '@level-one/ilp';
import { formatAmount } from '@level-one/money';
import { randomBytes } from 'node:crypto';
import { RECEIVER_SECRET } from './receiver-secret.js';
import { isReceiverToken, newReceiverToken } from './receiver-token.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

/** A payment that this DFSP would take. */
export interface PaymentTerms {
  paymentId: string;
  /** Name of the payee's account. */
  account: string;
  /** Minor units. */
  amount: bigint;
  /** The payer's number, where it is known. */
  senderIdentifier: string | null;
  /** Body of the packet. */
  memo: string | object | null;
  expiresAt: Date;
}

/** Packet and condition for the payer; only this DFSP can fulfil it. */
export interface IssuedPacket {
  /** ILP address with the payment's token. */
  address: string;
  /** ILP packet, base64url. */
  packet: string;
  /** In the configured spelling. */
  condition: string;
}

const NONCE_BYTES = 16;

/** Makes ILP packets and their conditions, and knows what fulfils them (contract 3.8). */
@Injectable()
export class PaymentIssuer {
  constructor(
    private readonly settings: SpspServerSettings,
    @Inject(RECEIVER_SECRET) private readonly secret: Buffer,
  ) {}

  /** @throws AddressError or PskError when account, sender or memo do not fit into a packet. */
  issuePayment({ paymentId, account, amount, senderIdentifier, memo, expiresAt }: PaymentTerms): IssuedPacket {
    const { ilpPrefix, conditionFormat, scale, currency } = this.settings;
    const address = joinAddress(ilpPrefix, account, newReceiverToken(this.secret, account));
    const data = encodePskData({
      paymentId,
      nonce: randomBytes(NONCE_BYTES),
      privateHeaders: {
        [IPR_HEADERS.amount]: formatAmount(amount, scale),
        [IPR_HEADERS.currency]: currency,
        [IPR_HEADERS.expiresAt]: expiresAt.toISOString(),
        'Content-Type': 'application/json',
        ...(senderIdentifier === null ? {} : { 'Sender-Identifier': senderIdentifier }),
      },
      body: JSON.stringify(memo),
    });
    const packet = encodePacket({ amount, address, data });
    return {
      address,
      packet: packetToText(packet),
      condition: conditionOf(fulfillmentPreimage(this.secret, packet), conditionFormat),
    };
  }

  /** The account of an address that this DFSP issued; undefined for anybody else's. */
  issuedTo(address: string): string | undefined {
    const { ilpPrefix } = this.settings;
    if (!isUnderPrefix(address, ilpPrefix)) return undefined;
    const [account = '', token = '', ...more] = address.slice(ilpPrefix.length).split('.');
    return more.length === 0 && isReceiverToken(this.secret, account, token) ? account : undefined;
  }

  /** The payment request of an issued packet (contract 3.8). */
  requestOf({ packet, condition }: Pick<IssuedPacket, 'packet' | 'condition'>): string {
    return encodeIpr({ condition: parseCondition(condition).hash, packet: packetFromText(packet) });
  }

  /** Fulfillment of a transfer with an issued packet, in the format of the transfer's condition. */
  fulfillmentOf(packet: string, condition: string): string {
    const preimage = fulfillmentPreimage(this.secret, packetFromText(packet));
    return formatFulfillment(preimage, parseCondition(condition).spelling);
  }
}
