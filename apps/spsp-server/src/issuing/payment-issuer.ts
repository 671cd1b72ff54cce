import { Inject, Injectable } from '@nestjs/common';
import {
  AddressError,
  ConditionError,
  conditionOf,
  encodePacket,
  encodePskData,
  encodeIpr,
  fulfillmentPreimage,
  formatFulfillment,
  IPR_HEADERS,
  isUnderPrefix,
  joinAddress,
  PacketError,
  packetFromText,
  packetToText,
  parseCondition,
  PskError,
  sameCondition,
} from '@level-one/ilp';
import { formatAmount } from '@level-one/money';
import { commonError, CommonErrorId } from '@level-one/platform';
import { createHmac, randomBytes } from 'node:crypto';
import { RECEIVER_SECRET } from './receiver-secret.js';
import { isReceiverToken, newReceiverToken, TOKEN_NONCE_BYTES } from './receiver-token.js';
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
  /** The same terms with the same seed give the same packet; without one it is unlike any other. */
  seed?: string;
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

const SEED_KEY_LABEL = 'level-one packet seed';
const PACKET_NONCE_BYTES = 16;

/** Makes ILP packets and their conditions, and knows what fulfils them (contract 3.8). */
@Injectable()
export class PaymentIssuer {
  constructor(
    private readonly settings: SpspServerSettings,
    @Inject(RECEIVER_SECRET) private readonly secret: Buffer,
  ) {}

  /** @throws ContractError 422 UnprocessableEntityError when account, sender or memo do not fit into a packet. */
  issuePayment(terms: PaymentTerms): IssuedPacket {
    try {
      return this.packetOf(terms);
    } catch (error) {
      const isUnfit = error instanceof AddressError || error instanceof PskError || error instanceof PacketError;
      if (!isUnfit) throw error;
      throw commonError(CommonErrorId.UnprocessableEntity, { message: error.message });
    }
  }

  /** The account of an address that this DFSP issued; undefined for anybody else's. */
  issuedTo(address: string): string | undefined {
    const { ilpPrefix } = this.settings;
    if (!isUnderPrefix(address, ilpPrefix)) return undefined;
    const [account = '', token = '', ...more] = address.slice(ilpPrefix.length).split('.');
    return more.length === 0 && isReceiverToken(this.secret, account, token) ? account : undefined;
  }

  /** Whether a packet and its condition were issued here: nobody else could make this condition for this packet. */
  hasIssued({ packet, condition }: Pick<IssuedPacket, 'packet' | 'condition'>): boolean {
    try {
      const preimage = fulfillmentPreimage(this.secret, packetFromText(packet));
      return sameCondition(conditionOf(preimage, this.settings.conditionFormat), condition);
    } catch (error) {
      if (error instanceof PacketError || error instanceof ConditionError) return false;
      throw error;
    }
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

  private packetOf({
    paymentId,
    account,
    amount,
    senderIdentifier,
    memo,
    expiresAt,
    seed,
  }: PaymentTerms): IssuedPacket {
    const { ilpPrefix, conditionFormat, scale, currency } = this.settings;
    const nonces = this.noncesOf(seed);
    const address = joinAddress(ilpPrefix, account, newReceiverToken(this.secret, account, nonces.ofToken));
    const data = encodePskData({
      paymentId,
      nonce: nonces.ofPacket,
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

  private noncesOf(seed: string | undefined): { ofToken: Buffer; ofPacket: Buffer } {
    const bytes = seed === undefined ? randomBytes(TOKEN_NONCE_BYTES + PACKET_NONCE_BYTES) : this.bytesOf(seed);
    return {
      ofToken: bytes.subarray(0, TOKEN_NONCE_BYTES),
      ofPacket: bytes.subarray(TOKEN_NONCE_BYTES, TOKEN_NONCE_BYTES + PACKET_NONCE_BYTES),
    };
  }

  private bytesOf(seed: string): Buffer {
    const key = createHmac('sha256', this.secret).update(SEED_KEY_LABEL).digest();
    return createHmac('sha256', key).update(seed).digest();
  }
}
