// @ts-check
/** What all sides say of a flow in the end, and whether they agree. */
import { checkInvariants } from '../../../../../dist/libs/ledger/src/index.js';
import { dataSourceOf } from '../../../../../dist/libs/platform/src/index.js';

/** Ledgers of a payment from dfsp1 to dfsp2, in its order. */
const LEDGERS = { T1: 'dfsp1_dfsp_ledger', T2: 'central_central_ledger', T3: 'dfsp2_dfsp_ledger' };

/** States in which something has still to happen. */
const OPEN = {
  transfer: ['proposed', 'prepared'],
  payer: ['settingUp', 'paying'],
  payee: ['proposed', 'prepared'],
  client: ['pending'],
  invoice: ['approved'],
  notice: ['pending'],
  limits: ['reserved'],
  row: ['paying'],
  claim: ['waiting'],
};

/** @typedef {import('./flows.mjs').Flow} Flow */
/** @typedef {import('./fault-network.mjs').FaultNetwork} FaultNetwork */

async function statuses(network, sql, parameters) {
  const { rows } = await network.sql.query(sql, parameters);
  return rows.map(({ status }) => status);
}

/** Ids of the payments that a flow has begun. */
async function paymentsOf(network, { paymentId, notificationId }) {
  const { rows } = await network.sql.query(
    'SELECT payment_id FROM dfsp1_dfsp_api.outgoing_payments WHERE payment_id::text = $1 OR notification_id::text = $2',
    [paymentId ?? '', notificationId ?? ''],
  );
  return [...new Set([...rows.map((row) => String(row.payment_id)), ...(paymentId ? [paymentId] : [])])];
}

/** Rows of a list, each with the end of its transfer. */
async function listRows(network, { bulkId = '' }) {
  const { rows } = await network.sql.query(
    `SELECT line, row.status, payment_id, state AS "T1" FROM dfsp1_dfsp_api.bulk_payment_rows AS row
     LEFT JOIN ${LEDGERS.T1}.transfers AS t ON t.id::text = payment_id::text
     WHERE bulk_id::text = $1 ORDER BY line`,
    [bulkId],
  );
  return rows;
}

async function paymentViews(network, id) {
  const one = async (sql) => (await statuses(network, sql, [id]))[0];
  const views = {};
  for (const [name, schema] of Object.entries(LEDGERS)) {
    views[name] = await one(`SELECT state AS status FROM ${schema}.transfers WHERE id::text = $1`);
    views[`claim${name}`] = await one(
      `SELECT CASE WHEN booked_at IS NOT NULL THEN 'booked' WHEN refused_at IS NOT NULL THEN 'refused' ELSE 'waiting' END
       AS status FROM ${schema}.claims WHERE transfer_id::text = $1`,
    );
  }
  return {
    ...views,
    payer: await one('SELECT status FROM dfsp1_dfsp_api.outgoing_payments WHERE payment_id::text = $1'),
    payee: await one('SELECT status FROM dfsp2_dfsp_api.receiver_payments WHERE payment_id::text = $1'),
    client: await one('SELECT status FROM dfsp1_spsp_client.payments WHERE id::text = $1'),
    server: await one(
      `SELECT COALESCE(outcome, 'none') || CASE WHEN told_at IS NULL THEN ' untold' ELSE '' END AS status
       FROM dfsp2_spsp_server.issued_payments WHERE payment_id::text = $1`,
    ),
    quote1: await one('SELECT status FROM dfsp1_dfsp_api.quotes WHERE payment_id::text = $1'),
    quote2: await one('SELECT status FROM dfsp2_dfsp_api.quotes WHERE payment_id::text = $1'),
    limits1: await one('SELECT status FROM dfsp1_dfsp_api.limit_reservations WHERE payment_id::text = $1'),
    limits2: await one('SELECT status FROM dfsp2_dfsp_api.limit_reservations WHERE payment_id::text = $1'),
  };
}

/** Everything that is stored about a flow. @param {FaultNetwork} network @param {Flow} flow */
export async function viewsOf(network, flow) {
  const list = await listRows(network, flow);
  const ids = [...(await paymentsOf(network, flow)), ...list.flatMap((row) => row.payment_id ?? [])];
  const payments = {};
  for (const id of ids) payments[id] = await paymentViews(network, id);
  const { invoiceId = '', notificationId = '' } = flow;
  const invoice = await statuses(network, 'SELECT status FROM dfsp2_dfsp_api.invoices WHERE id::text = $1', [
    invoiceId,
  ]);
  const notified = 'SELECT status FROM dfsp1_dfsp_api.invoice_notifications WHERE id::text = $1 OR invoice_url LIKE $2';
  const notification = await statuses(network, notified, [notificationId, invoiceId ? `%${invoiceId}` : '']);
  const notices = await statuses(
    network,
    `SELECT status FROM dfsp1_dfsp_api.notices WHERE invoice_url LIKE $1
     UNION ALL SELECT status FROM dfsp2_dfsp_api.notices WHERE invoice_url LIKE $1 OR invoice_id::text = $2`,
    [invoiceId ? `%${invoiceId}` : '', invoiceId],
  );
  return { payments, invoice: invoice[0], notification: notification[0], notices, list };
}

const isOpen = (kind, status) => OPEN[kind].includes(status);

/** What has still to happen in a flow; nothing when it is over. */
export function openIn({ payments, invoice, notices, list }) {
  const open = [];
  const look = (kind, name, status) => isOpen(kind, status) && open.push(`${name} ${status}`);
  for (const views of Object.values(payments)) {
    for (const name of ['T1', 'T2', 'T3']) {
      look('transfer', name, views[name]);
      look('claim', `claim of ${name}`, views[`claim${name}`]);
    }
    look('payer', 'payer', views.payer);
    look('payee', 'payee', views.payee);
    look('client', 'SPSP client', views.client);
    if (views.T3 !== undefined && /untold|none/.test(views.server ?? '')) open.push(`SPSP server ${views.server}`);
    // What a quote has reserved is kept until it is used or expires.
    if (views.quote1 !== 'reserved') look('limits', 'limits of the payer', views.limits1);
    if (views.quote2 !== 'reserved') look('limits', 'limits of the payee', views.limits2);
  }
  look('invoice', 'invoice', invoice);
  for (const { line, status } of list) look('row', `row ${line}`, status);
  for (const notice of notices) look('notice', 'notice', notice);
  return open;
}

/** Where the sides do not agree about a flow that is over. */
export function faultsIn(flow, { payments, invoice, notification, notices, list }) {
  const faults = [];
  const executed = Object.values(payments).filter(({ T1 }) => T1 === 'executed').length;
  const received = Object.values(payments).filter(({ T3 }) => T3 === 'executed').length;
  for (const views of Object.values(payments)) faults.push(...faultsOfPayment(views));
  for (const { line, status, T1 } of list) {
    if ((status === 'paid') !== (T1 === 'executed')) faults.push(`row ${line} ${status}, but T1 ${T1}`);
  }
  if (received > Math.max(list.length, 1)) faults.push(`paid ${received} times`);
  if (invoice !== undefined) faults.push(...faultsOfInvoice({ invoice, notification }, received > 0));
  if (notices.includes('givenUp')) faults.push('a notice was given up');
  faults.push(...untrue(flow, executed > 0));
  return faults;
}

/** What each side says has to fit its own ledger; a connector that was not paid in time was paid by a claim. */
function faultsOfPayment({ T1, T2, T3, claimT1, claimT2, payer, payee, client, quote1, quote2, limits1, limits2 }) {
  const faults = [];
  const [first, second, third] = [T1, T2, T3].map((state) => state === 'executed');
  const isLost = (third && !second && claimT2 !== 'booked') || (second && !first && claimT1 !== 'booked');
  if (isLost || (first && !second) || (second && !third)) faults.push(`SPLIT: T1 ${T1}, T2 ${T2}, T3 ${T3}`);
  const mismatch = (ledger, state, name, status, paid) => {
    if (status !== undefined && (status === paid) !== (state === 'executed'))
      faults.push(`${ledger} ${state}, but ${name} ${status}`);
  };
  mismatch('T1', T1, 'payer', payer, 'executed');
  mismatch('T3', T3, 'payee', payee, 'executed');
  mismatch('T1', T1, 'SPSP client', client, 'executed');
  mismatch('T1', T1, "payer's quote", quote1, 'used');
  mismatch('T3', T3, "payee's quote", quote2, 'used');
  if (T1 === 'executed' && limits1 !== 'confirmed') faults.push(`limits of the payer ${limits1}`);
  if (T3 === 'executed' && limits2 !== undefined && limits2 !== 'confirmed')
    faults.push(`limits of the payee ${limits2}`);
  return faults;
}

function faultsOfInvoice({ invoice, notification }, wasPaid) {
  const faults = [];
  if ((invoice === 'executed') !== wasPaid) faults.push(`${wasPaid ? 'paid' : 'not paid'}, but invoice ${invoice}`);
  if (notification !== undefined && notification !== invoice) {
    faults.push(`invoice ${invoice}, but notification ${notification}`);
  }
  return faults;
}

/** What people were told that is not so. @param {Flow} flow */
function untrue({ answers }, wasPaid) {
  const faults = [];
  for (const { what, told } of answers) {
    const { status, body } = told;
    const text = `${what} was told ${status} ${body?.status ?? body?.id ?? ''}`;
    if (/no money/i.test(body?.message ?? '') && wasPaid) faults.push(`${text}: no money has moved, but it was paid`);
    if (what !== 'pay') continue;
    if (['paid', 'executed'].includes(body?.status) && !wasPaid) faults.push(`${text}, but it was not paid`);
    if (status >= 400 && status < 500 && status !== 429 && wasPaid) faults.push(`${text}, but it was paid`);
    if (status === 500) faults.push(text);
  }
  return faults;
}

/** What the ledgers and the connectors' books say, in minor units. @param {FaultNetwork} network */
export async function booksOf(network) {
  const balance = async (schema, name) => {
    const { rows } = await network.sql.query(`SELECT posted FROM ${schema}.accounts WHERE name = $1`, [name]);
    return BigInt(rows[0]?.posted ?? 0);
  };
  return {
    connector1: (await balance(LEDGERS.T1, 'dfsp1-testconnector')) + (await balance(LEDGERS.T2, 'dfsp1')),
    connector2: (await balance(LEDGERS.T3, 'dfsp2-testconnector')) + (await balance(LEDGERS.T2, 'dfsp2')),
  };
}

/** What is wrong with the books as a whole. @param {Awaited<ReturnType<typeof booksOf>>} before */
export async function faultsInBooks(network, before) {
  const faults = [];
  const after = await booksOf(network);
  for (const name of /** @type {const} */ (['connector1', 'connector2'])) {
    const gained = after[name] - before[name];
    if (gained !== 0n) faults.push(`${name} ${gained > 0n ? 'gained' : 'LOST'} ${Number(gained) / 100}`);
  }
  for (const schema of Object.values(LEDGERS)) {
    const { rows } = await network.sql.query(`SELECT COALESCE(sum(posted), 0) AS sum FROM ${schema}.accounts`);
    if (BigInt(rows[0].sum) !== 0n) faults.push(`${schema} sums to ${rows[0].sum}`);
    for (const violation of await violationsOf(network, schema)) faults.push(`${schema}: ${JSON.stringify(violation)}`);
  }
  return faults;
}

/** A busy machine answers late, and says nothing of the books by that. */
const PATIENCE = { connectTimeoutMs: 60_000, answerTimeoutMs: 120_000 };

async function violationsOf(network, schema) {
  const dataSource = await dataSourceOf({
    databaseUrl: network.database.url,
    schema,
    poolSize: 1,
    ...PATIENCE,
  }).initialize();
  try {
    return await checkInvariants(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
