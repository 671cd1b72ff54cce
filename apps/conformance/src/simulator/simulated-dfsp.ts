import { basicAuthorization } from '@level-one/platform';
import type { ActiveFault, Faults, Passage } from '@level-one/testing/faults';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultRulesOf, isMeant, readRules, type SimulatorRule } from './simulator-rules.js';

const PENDING_TRIES = 100;
const PENDING_PAUSE_MS = 100;

export interface SimulatedDfspOptions {
  /** Short name of the DFSP that is simulated. */
  dfsp: string;
  /** Base URL of its DFSP API. */
  apiUrl: string;
  /** Rules of the proxies of the network. */
  faults: Faults;
  /** Told what customers did by themselves. */
  report: (line: string) => void;
}

interface RuleInForce {
  rule: SimulatorRule;
  faults: ActiveFault[];
  /** How often a customer has acted by it. */
  acted: number;
}

interface PendingNotification {
  invoiceNotificationId: string;
  invoiceUrl: string;
}

/** A DFSP of real roles that answers by rules. */
export class SimulatedDfsp {
  private inForce: RuleInForce[] = [];
  private scenarioOn: string | undefined;

  constructor(private readonly options: SimulatedDfspOptions) {
    options.faults.watch((passage) => this.letCustomersAct(passage));
  }

  get scenario(): string | undefined {
    return this.scenarioOn;
  }

  set scenario(name: string | undefined) {
    this.scenarioOn = name;
  }

  /** Rules in force, with how often each has met a request. */
  get rules(): readonly (SimulatorRule & { met: number })[] {
    return this.inForce.map(({ rule, faults, acted }) => ({
      ...rule,
      met: faults.reduce((sum, { met }) => sum + met.length, acted),
    }));
  }

  /** Adds rules after those in force. @throws StartupError for one that is wrong; then none is added */
  addRules(value: unknown): void {
    const { dfsp, faults } = this.options;
    for (const rule of readRules(value)) {
      const isOn = (): boolean => this.isOn(rule);
      this.inForce.push({ rule, acted: 0, faults: faultRulesOf(rule, dfsp, isOn).map((one) => faults.add(one)) });
    }
  }

  clearRules(): void {
    for (const fault of this.inForce.flatMap(({ faults }) => faults)) this.options.faults.remove(fault.id);
    this.inForce = [];
  }

  private isOn({ scenario }: SimulatorRule): boolean {
    return scenario === undefined || scenario === this.scenarioOn;
  }

  private letCustomersAct(passage: Passage): void {
    const meant = this.inForce.find(
      ({ rule, acted }) =>
        ('pay' in rule.do || 'reject' in rule.do) &&
        acted < (rule.times ?? Infinity) &&
        passage.place === `${this.options.dfsp}/dfsp-api` &&
        this.isOn(rule) &&
        isMeant({ ...rule, when: withoutAmount(rule.when) }, passage),
    );
    if (meant)
      void this.act(meant, passage).catch((error: Error) =>
        this.options.report(`a customer could not act: ${error.message}`),
      );
  }

  /** Waits until the notification is stored, and pays or rejects it. */
  private async act(inForce: RuleInForce, { text }: Passage): Promise<void> {
    const { rule } = inForce;
    const number = /"senderIdentifier":"(\w+)"/.exec(text)?.[1] ?? '';
    const invoiceUrl = /"invoiceUrl":"([^"]+)"/.exec(text)?.[1] ?? '';
    const how = 'pay' in rule.do ? rule.do.pay : 'reject' in rule.do ? rule.do.reject : {};
    const invoiceNotificationId = await this.pendingOf(number, invoiceUrl, rule.when.amount);
    if (invoiceNotificationId === undefined) return;
    inForce.acted += 1;
    await sleep(how.afterMs ?? 0);
    const verb = 'pay' in rule.do ? 'pay' : 'reject';
    const account = 'pay' in rule.do ? { account: rule.do.pay.account } : {};
    const answer = await this.ask('PUT', `/v1/invoiceNotifications/${verb}`, { invoiceNotificationId, ...account });
    this.options.report(
      `${number} ${verb === 'pay' ? 'pays' : 'rejects'} ${invoiceUrl}: ${answer.status} ${await answer.text()}`,
    );
  }

  /** Id of the notification of an invoice; undefined if none comes, or its amount is another one. */
  private async pendingOf(number: string, invoiceUrl: string, amount: string | undefined): Promise<string | undefined> {
    for (let tries = 0; tries < PENDING_TRIES; tries += 1) {
      const list = await this.ask('GET', `/v1/invoiceNotifications?customer=${number}&state=pending`);
      const { invoiceNotifications = [] } = (await list.json()) as { invoiceNotifications?: PendingNotification[] };
      const found = invoiceNotifications.find((one) => one.invoiceUrl === invoiceUrl);
      if (found) return (await this.hasAmount(found, amount)) ? found.invoiceNotificationId : undefined;
      await sleep(PENDING_PAUSE_MS);
    }
    return undefined;
  }

  private async hasAmount({ invoiceNotificationId }: PendingNotification, amount?: string): Promise<boolean> {
    if (amount === undefined) return true;
    const read = await this.ask('GET', `/v1/invoiceNotifications/${invoiceNotificationId}`);
    const seen = (await read.json()) as { amount?: string };
    return Number(seen.amount) === Number(amount);
  }

  private ask(method: string, path: string, body?: unknown): Promise<Response> {
    const { apiUrl, dfsp } = this.options;
    return fetch(apiUrl + path, {
      method,
      headers: {
        authorization: basicAuthorization(dfsp, dfsp),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

/** A notification names no amount; the invoice that it tells of does. */
function withoutAmount({ amount: _amount, ...when }: SimulatorRule['when']): SimulatorRule['when'] {
  return when;
}
