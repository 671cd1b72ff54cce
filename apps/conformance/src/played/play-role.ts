import type { RoleName } from '@level-one/platform';
import type { FakePeerAnswer, FakePeerCall, FakePeers } from '@level-one/testing/peers';
import type { Contract } from '../contract/documents.js';
import { wronglyWritten } from '../contract/wire-values.js';

/** Base path of a role's URL in the settings of those that call it. */
const CALLED_AT: Partial<Record<RoleName, string>> = { 'dfsp-api': '/v1', 'spsp-client': '/v1', 'spsp-server': '/v1' };

/** Path at which the runner plays a role. */
export function playedPath(contract: Contract, role: RoleName): string {
  return `/${role}${CALLED_AT[role] ?? contract.basePath(role)}`;
}

/** How a role that the runner plays answers one route. */
export type Played = (
  call: FakePeerCall,
  parameters: Record<string, string>,
) => FakePeerAnswer | Promise<FakePeerAnswer>;

/** Another answer to some calls; undefined to those that are answered as always. */
export type PlayedInstead = (call: FakePeerCall) => FakePeerAnswer | Promise<FakePeerAnswer> | undefined;

/** A role that the runner plays. Bodies that do not fit the role's OpenAPI document are answered 400, as the role would. */
export class PlayedRole {
  private overrides: readonly { route: string; answer: PlayedInstead }[] = [];

  constructor(
    private readonly peers: FakePeers,
    private readonly contract: Contract,
    readonly role: RoleName,
  ) {}

  /** Answers a route of the document, such as `GET /v1/receivers/{identifier}`. */
  serve(route: string, answer: Played): void {
    const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    this.peers.on(this.patternOf(route), (call) => {
      for (const override of this.overrides) {
        const instead = override.route === route ? override.answer(call) : undefined;
        if (instead) return instead;
      }
      const refused = this.refusalOf(route, call);
      return refused ?? answer(call, this.parametersOf(route, names, call));
    });
  }

  /** Answers a route in another way while `work` is under way. */
  async instead<T>(route: string, answer: PlayedInstead, work: () => Promise<T>): Promise<T> {
    const override = { route, answer };
    this.overrides = [...this.overrides, override];
    try {
      return await work();
    } finally {
      this.overrides = this.overrides.filter((other) => other !== override);
    }
  }

  /** Calls that reached a route, in their order. */
  callsTo(route: string): FakePeerCall[] {
    return this.peers.callsTo(this.patternOf(route));
  }

  private refusalOf(route: string, { body }: FakePeerCall): FakePeerAnswer | undefined {
    if (!this.contract.bodySchema(this.role, route)) return undefined;
    const wrong = [...this.contract.errorsOfRequest(this.role, route, body), ...wronglyWritten(body)];
    return wrong.length === 0 ? undefined : refusal(400, 'InvalidBodyError', wrong.join('; '));
  }

  private parametersOf(
    route: string,
    names: readonly string[],
    { route: called }: FakePeerCall,
  ): Record<string, string> {
    const values = this.patternOf(route).exec(called)?.slice(1) ?? [];
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]));
  }

  private patternOf(route: string): RegExp {
    const [method = '', path = ''] = route.split(' ');
    const base = this.contract.basePath(this.role);
    const below = path.startsWith(base) ? path.slice(base.length) : path;
    const pattern = (playedPath(this.contract, this.role) + below).replaceAll(/\{\w+\}/g, '([^/]+)');
    return new RegExp(`^${method} ${pattern}$`);
  }
}

/** An error as the contract writes it. */
export function refusal(status: number, id: string, message: string = id): FakePeerAnswer {
  return { status, json: { id, message } };
}
