/**
 * The structure of `pain.001.001.09` as its message definition has it: the elements that may be used, in their order,
 * how often each, and the types of their texts. Optional elements that are not used here are left out.
 */

interface Xml {
  name: string;
  attributes: string;
  text: string;
  children: Xml[];
}

type Check = (text: string) => boolean;
type Part = readonly [
  name: string,
  min: number,
  max: number,
  of: Sequence | Check,
  attribute?: readonly [string, Check],
];

/** Elements in their order; of a choice exactly one. */
interface Sequence {
  parts: readonly Part[];
  isChoice?: boolean;
}

const MANY = Infinity;
const matches =
  (pattern: RegExp): Check =>
  (text) =>
    pattern.test(text);
const textOf =
  (max: number): Check =>
  (text) =>
    Array.from(text).length >= 1 && Array.from(text).length <= max;
const decimal =
  (digits: number, fraction: number): Check =>
  (text) =>
    /^\d+(\.\d+)?$/.test(text) &&
    text.replace('.', '').replace(/^0+/, '').length <= digits &&
    (text.split('.')[1] ?? '').length <= fraction;

const NUMBER_OF = matches(/^\d{1,15}$/);
const CURRENCY = matches(/^[A-Z]{3}$/);
const SUM = decimal(18, 17);
const DATE = matches(/^\d{4}-\d\d-\d\d$/);
const DATE_TIME = matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/);
const otherId = (length: number): Part => ['Othr', 0, 1, { parts: [['Id', 1, 1, textOf(length)]] }];

const PARTY: Sequence = { parts: [['Nm', 0, 1, textOf(140)]] };
const INSTITUTION: Sequence = {
  parts: [
    [
      'FinInstnId',
      1,
      1,
      { parts: [['BICFI', 0, 1, matches(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/)], otherId(35)] },
    ],
  ],
};
const ACCOUNT: Sequence = {
  parts: [
    ['Id', 1, 1, { isChoice: true, parts: [['IBAN', 0, 1, matches(/^[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}$/)], otherId(34)] }],
    ['Ccy', 0, 1, CURRENCY],
  ],
};
const TRANSACTION: Sequence = {
  parts: [
    ['PmtId', 1, 1, { parts: [['EndToEndId', 1, 1, textOf(35)]] }],
    ['Amt', 1, 1, { isChoice: true, parts: [['InstdAmt', 0, 1, decimal(18, 5), ['Ccy', CURRENCY]]] }],
    ['CdtrAgt', 0, 1, INSTITUTION],
    ['Cdtr', 0, 1, PARTY],
    ['CdtrAcct', 0, 1, ACCOUNT],
    ['RmtInf', 0, 1, { parts: [['Ustrd', 0, MANY, textOf(140)]] }],
  ],
};
const PAYMENT_INFORMATION: Sequence = {
  parts: [
    ['PmtInfId', 1, 1, textOf(35)],
    ['PmtMtd', 1, 1, matches(/^(CHK|TRF|TRA)$/)],
    ['BtchBookg', 0, 1, matches(/^(true|false|0|1)$/)],
    ['NbOfTxs', 0, 1, NUMBER_OF],
    ['CtrlSum', 0, 1, SUM],
    ['ReqdExctnDt', 1, 1, { isChoice: true, parts: [['Dt', 0, 1, DATE]] }],
    ['Dbtr', 1, 1, PARTY],
    ['DbtrAcct', 1, 1, ACCOUNT],
    ['DbtrAgt', 1, 1, INSTITUTION],
    ['ChrgBr', 0, 1, matches(/^(DEBT|CRED|SHAR|SLEV)$/)],
    ['CdtTrfTxInf', 1, MANY, TRANSACTION],
  ],
};
const GROUP_HEADER: Sequence = {
  parts: [
    ['MsgId', 1, 1, textOf(35)],
    ['CreDtTm', 1, 1, DATE_TIME],
    ['NbOfTxs', 1, 1, NUMBER_OF],
    ['CtrlSum', 0, 1, SUM],
    ['InitgPty', 1, 1, PARTY],
  ],
};
const INITIATION: Sequence = {
  parts: [
    ['GrpHdr', 1, 1, GROUP_HEADER],
    ['PmtInf', 1, MANY, PAYMENT_INFORMATION],
  ],
};
const DOCUMENT: Sequence = { parts: [['CstmrCdtTrfInitn', 1, 1, INITIATION]] };

/** What a message has that the definition does not allow; nothing if it is valid. */
export function faultsOfPain001(xml: string): string[] {
  const root = parseXml(xml);
  const namespace = ' xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"';
  if (root.name !== 'Document' || root.attributes !== namespace) return ['Document is not of pain.001.001.09'];
  return [...faultsOf(root, DOCUMENT, 'Document'), ...wrongSums(root)];
}

function faultsOf({ children }: Xml, { parts, isChoice = false }: Sequence, path: string): string[] {
  const faults: string[] = [];
  if (isChoice && children.length !== 1) faults.push(`${path}: ${children.length} elements of a choice`);
  const order = children.map(({ name }) => parts.findIndex(([known]) => known === name));
  if (order.some((position, index) => position < (order[index - 1] ?? 0))) {
    faults.push(`${path}: ${children.map(({ name }) => name).join(', ')} are unknown or in another order`);
  }
  for (const [name, min, max, of, attribute] of parts) {
    const found = children.filter((child) => child.name === name);
    if (found.length < min || found.length > max) faults.push(`${path}/${name}: ${found.length} times`);
    for (const one of found) faults.push(...faultsOfElement(one, of, attribute, `${path}/${name}`));
  }
  return faults;
}

function faultsOfElement(one: Xml, of: Sequence | Check, attribute: Part[4], path: string): string[] {
  const [, named, value = ''] = /^ (\w+)="([^"]*)"$/.exec(one.attributes) ?? [];
  const isRight = attribute ? named === attribute[0] && attribute[1](value) : one.attributes === '';
  const faults = isRight ? [] : [`${path}: attributes${one.attributes}`];
  if (typeof of !== 'function') return [...faults, ...faultsOf(one, of, path)];
  return of(one.text) && one.children.length === 0 ? faults : [...faults, `${path}: "${one.text}"`];
}

/** The counts and sums of a message are those of its transactions. */
function wrongSums(root: Xml): string[] {
  const initiation = root.children[0];
  if (!initiation) return [];
  return initiation.children.flatMap((block) => {
    const of = block.name === 'GrpHdr' ? initiation : block;
    const totals = block.name === 'GrpHdr' ? block : of;
    const amounts = elementsOf(of, 'InstdAmt').map(({ text }) => minorUnits(text));
    const count = totals.children.find(({ name }) => name === 'NbOfTxs')?.text;
    const sum = totals.children.find(({ name }) => name === 'CtrlSum')?.text;
    const total = amounts.reduce((all, one) => all + one, 0n);
    return [
      ...(count === undefined || count === String(amounts.length) ? [] : [`${block.name}/NbOfTxs: ${count}`]),
      ...(sum === undefined || minorUnits(sum) === total ? [] : [`${block.name}/CtrlSum: ${sum}`]),
    ];
  });
}

function elementsOf(one: Xml, name: string): Xml[] {
  return [...(one.name === name ? [one] : []), ...one.children.flatMap((child) => elementsOf(child, name))];
}

/** With five decimals. */
function minorUnits(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(5, '0'));
}

const TOKEN = /<\?xml[^>]*\?>|<\/(\w+)>|<(\w+)([^>]*)>|([^<]+)/g;

/** Well-formed XML without comments, empty tags and mixed content. @throws Error for anything else */
function parseXml(xml: string): Xml {
  const top: Xml = { name: '', attributes: '', text: '', children: [] };
  const open = [top];
  for (const [, closed, opened, attributes = '', text] of xml.matchAll(TOKEN)) {
    const current = open.at(-1)!;
    if (opened !== undefined) {
      const child = { name: opened, attributes, text: '', children: [] };
      current.children.push(child);
      open.push(child);
    } else if (closed !== undefined) {
      if (open.pop()!.name !== closed) throw new Error(`</${closed}> ends another element`);
    } else if (text !== undefined && (text.trim() !== '' || current.children.length === 0)) {
      if (/&(?!(amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`"${text}" has an & that is no entity`);
      current.text += text.replaceAll(/&\w+;/g, '?');
    }
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error('not one whole element');
  return top.children[0]!;
}
