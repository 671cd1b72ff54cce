import type { BankAccount } from '@level-one/ledger';
import { currencyDecimals, formatAmount } from '@level-one/money';
import { assertDigits, notAllowed, type PaymentFile, type SettlementPayment } from './settlement-payments.js';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

/** An element: its name, then its text or its children; undefined children are left out. */
type Element = readonly [name: string, content: string | readonly (Element | undefined)[], attributes?: string];

/**
 * A customer credit transfer initiation of ISO 20022, `pain.001.001.09`: one block for each account that pays, one for
 * what the scheme pays out. The same window gives the same bytes.
 *
 * @throws ContractError 422 UnprocessableEntityError without payments: the message has at least one; and for a sum that
 * has too many digits.
 */
export function pain001Of(file: PaymentFile): string {
  const { id, closedAt, payments, scheme } = file;
  if (payments.length === 0) throw notAllowed('The window moved nothing that a bank can pay');
  const document: Element = [
    'Document',
    [
      [
        'CstmrCdtTrfInitn',
        [
          [
            'GrpHdr',
            [
              ['MsgId', id],
              ['CreDtTm', closedAt.toISOString()],
              ['NbOfTxs', String(payments.length)],
              ['CtrlSum', sumOf(payments, file.currency)],
              ['InitgPty', [['Nm', scheme.holder]]],
            ],
          ],
          ...blocksOf(file).map((block) => blockElement(block, file)),
        ],
      ],
    ],
    ` xmlns="${NAMESPACE}"`,
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlOf(document, 0)}`;
}

/** Payments with one debtor; those of accounts that pay are blocks of their own. */
function blocksOf({ payments, scheme }: PaymentFile): SettlementPayment[][] {
  const paidIn = payments.filter(({ creditor }) => creditor === scheme);
  const paidOut = payments.filter(({ debtor }) => debtor === scheme);
  return [...paidIn.map((payment) => [payment]), ...(paidOut.length > 0 ? [paidOut] : [])];
}

function blockElement(
  payments: readonly SettlementPayment[],
  { closedAt, currency, windowNumber }: PaymentFile,
): Element {
  const [first] = payments;
  const { id, debtor } = first!;
  return [
    'PmtInf',
    [
      ['PmtInfId', `P${id}`],
      ['PmtMtd', 'TRF'],
      ['BtchBookg', 'false'],
      ['NbOfTxs', String(payments.length)],
      ['CtrlSum', sumOf(payments, currency)],
      ['ReqdExctnDt', [['Dt', closedAt.toISOString().slice(0, 10)]]],
      ['Dbtr', [['Nm', debtor.holder]]],
      ['DbtrAcct', [accountId(debtor), ['Ccy', currency]]],
      ['DbtrAgt', [institution(debtor)]],
      ['ChrgBr', 'SLEV'],
      ...payments.map((payment): Element => [
        'CdtTrfTxInf',
        [
          ['PmtId', [['EndToEndId', payment.id]]],
          ['Amt', [['InstdAmt', payment.amount, ` Ccy="${escapeXml(currency)}"`]]],
          ['CdtrAgt', [institution(payment.creditor)]],
          ['Cdtr', [['Nm', payment.creditor.holder]]],
          ['CdtrAcct', [accountId(payment.creditor)]],
          ['RmtInf', [['Ustrd', `Settlement window ${windowNumber}`]]],
        ],
      ]),
    ],
  ];
}

function sumOf(payments: readonly SettlementPayment[], currency: string): string {
  const sum = payments.reduce((total, { units }) => total + units, 0n);
  assertDigits(sum);
  return formatAmount(sum, currencyDecimals(currency));
}

function accountId({ iban, otherId }: BankAccount): Element {
  return ['Id', [iban === null ? ['Othr', [['Id', otherId ?? '']]] : ['IBAN', iban]]];
}

function institution({ bic }: BankAccount): Element {
  return ['FinInstnId', [bic === null ? ['Othr', [['Id', 'NOTPROVIDED']]] : ['BICFI', bic]]];
}

function xmlOf([name, content, attributes = '']: Element, depth: number): string {
  const indent = '  '.repeat(depth);
  if (typeof content === 'string') return `${indent}<${name}${attributes}>${escapeXml(content)}</${name}>\n`;
  const children = content.map((child) => (child ? xmlOf(child, depth + 1) : '')).join('');
  return `${indent}<${name}${attributes}>\n${children}${indent}</${name}>\n`;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Text that XML 1.0 takes: a character that it does not know becomes `?`. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '?')
    .replaceAll(/[&<>"']/g, (character) => ESCAPED.get(character) ?? character);
}
