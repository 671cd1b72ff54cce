import { demoAmount, unitAt } from '../seed/demo-amounts.js';
import { DEMO_PEOPLE, type DemoPerson } from '../seed/demo-people.js';
import { firstPayment, quotedPayment } from '../seed/first-payment.js';
import { type NetworkPlan, topologyOf } from '../plan/topology.js';

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function roleRows(plan: NetworkPlan): string {
  return topologyOf(plan)
    .map(
      ({ role, dfsp, baseUrl, docsUrl }) =>
        `<tr><td>${dfsp ?? 'centre'}</td><td>${role}</td><td><a href="${baseUrl}/health">${baseUrl}</a></td>` +
        `<td><a href="${docsUrl}">Swagger</a></td></tr>`,
    )
    .join('\n');
}

function peopleRows(plan: NetworkPlan): string {
  return DEMO_PEOPLE.map(
    (one) =>
      `<tr><td>${escapeHtml(`${one.firstName} ${one.lastName}`)}</td><td>${one.number}</td><td>${one.account}</td>` +
      `<td>${one.dfsp}</td><td>${one.isMerchant ? 'merchant' : 'customer'}</td><td class="amount">${openingOf(plan, one)}</td></tr>`,
  ).join('\n');
}

function openingOf(plan: NetworkPlan, { dfsp, balance }: DemoPerson): string {
  const unit = unitAt(plan, dfsp);
  return `${demoAmount(balance, unit)} ${unit.currency}`;
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
  th, td { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #8884; }
  @media (max-width: 45rem) { table { display: block; overflow-x: auto; } }
  .amount { text-align: right; font-variant-numeric: tabular-nums; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; background: #8882; border-radius: .4rem; }`;

/** The page at PORT_BASE: every role with its links, the demo people, and first payments. */
export function renderIndex(plan: NetworkPlan): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Level One demo network</title><style>${STYLE}</style></head>
<body>
<h1>Level One demo network</h1>
<p>Two DFSPs and the centre, on real components. <a href="/health">Health</a> · <a href="/topology">Topology</a> · <a href="/hops">Last hops</a></p>
<h2>A first payment</h2>
<pre>${escapeHtml(firstPayment(plan).join('\n'))}</pre>
<h2>A payment with a price</h2>
<pre>${escapeHtml(quotedPayment(plan).join('\n'))}</pre>
<h2>Roles</h2>
<table><thead><tr><th>Where</th><th>Role</th><th>Base URL</th><th>API</th></tr></thead><tbody>
${roleRows(plan)}
</tbody></table>
<h2>People</h2>
<table><thead><tr><th>Name</th><th>Number</th><th>Account</th><th>DFSP</th><th>Kind</th><th class="amount">Opening balance</th></tr></thead><tbody>
${peopleRows(plan)}
</tbody></table>
</body>
</html>`;
}
