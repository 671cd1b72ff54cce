import { Injectable } from '@nestjs/common';
import { LedgerClient, PeerHttp } from '@level-one/peers';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';

/** The own DFSP's ledger, through its adapter, as the connector. */
@Injectable()
export class OwnLedgerClient extends LedgerClient {
  readonly accountName: string;

  constructor(http: PeerHttp, settings: IlpConnectorSettings) {
    const { ledgerAdapterUrl, ledgerName, ledgerPassword } = settings;
    super(http, { role: 'ledger-adapter', baseUrl: ledgerAdapterUrl, name: ledgerName, password: ledgerPassword });
    this.accountName = ledgerName;
  }
}

/** The central ledger, as the DFSP. */
@Injectable()
export class CentralLedgerClient extends LedgerClient {
  readonly accountName: string;

  constructor(http: PeerHttp, settings: IlpConnectorSettings) {
    const { centralLedgerUrl, centralLedgerName, centralLedgerPassword } = settings;
    super(http, {
      role: 'central-ledger',
      baseUrl: centralLedgerUrl,
      name: centralLedgerName,
      password: centralLedgerPassword,
    });
    this.accountName = centralLedgerName;
  }
}
