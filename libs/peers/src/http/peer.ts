import { basicAuthorization } from '@level-one/platform';
import type { HopId } from '../hops/hops.js';
import type { PeerAnswer } from './peer-answer.js';
import { type ExpectedAnswer, type PeerCall, PeerHttp } from './peer-http.js';

/** What a client of a peer says of one call. */
export type CallOfPeer = Omit<PeerCall, 'baseUrl' | 'authorization'>;

/** Another role: where it is, and the credentials with which it is called. */
export class Peer {
  constructor(
    private readonly http: PeerHttp,
    /** Base URL of the role, base path included. */
    readonly baseUrl: string,
    /** Value of the `Authorization` header. */
    private readonly authorization: string,
  ) {}

  /** A role that knows this one by its name and `ROLE_PASSWORD`. */
  static ofRole(http: PeerHttp, baseUrl: string, { rolePassword }: { rolePassword: string }): Peer {
    return new Peer(http, baseUrl, basicAuthorization(http.identity.role, rolePassword));
  }

  /** Answers whatever status the role gives. @throws ContractError 502 ExternalError */
  request(hop: HopId, call: CallOfPeer): Promise<PeerAnswer> {
    return this.http.request(hop, this.complete(call));
  }

  /** Answers the JSON of a success. @throws ContractError relayed 4xx, or 502 ExternalError */
  call<T>(hop: HopId, call: CallOfPeer, expected?: ExpectedAnswer): Promise<T> {
    return this.http.call(hop, this.complete(call), expected);
  }

  /** Answers what succeeded. @throws ContractError relayed 4xx, or 502 ExternalError */
  success(hop: HopId, answer: PeerAnswer): PeerAnswer {
    return this.http.success(hop, answer);
  }

  private complete(call: CallOfPeer): PeerCall {
    return { ...call, baseUrl: this.baseUrl, authorization: this.authorization };
  }
}
