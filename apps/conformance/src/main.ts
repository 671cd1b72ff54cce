import { exitOnStartupError, StartupError } from '@level-one/platform';
import { readOptions, type ConformanceOptions } from './command/options.js';
import { credentialsOf, isCentral, surroundingsOf } from './command/surroundings.js';
import { Contract } from './contract/documents.js';
import { runCases } from './cases/run-cases.js';
import { NetworkUnderTest } from './end-to-end/network-under-test.js';
import { endToEndCases } from './end-to-end/payment-cases.js';
import { type ConformanceReport, reportOf } from './report/report.js';
import { summaryOf, textReport } from './report/text-report.js';
import { writeReports } from './report/write-reports.js';
import { type RoleRun, runRoleCases, withCases } from './run-role.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(): Promise<void> {
  const options = await readOptions(process.argv.slice(2));
  if (options.endToEnd) return runEndToEnd(options);
  const { role, url } = options;
  if (role === undefined) throw new StartupError('say which role: --role spsp-backend (--help lists all)');
  if (url === undefined) throw new StartupError('say where the system is: --url http://127.0.0.1:3204');
  const credentials = credentialsOf(options.dfsp, options.credentials);
  const { dfsp, peers, only, skipSlow, slack, hasOwnData } = options;
  if (options.settings) {
    const settings = surroundingsOf(new Contract(), { role, dfsp, url, peers, credentials });
    for (const [name, value] of Object.entries(settings)) say(`export ${name}='${value}'`);
    return;
  }
  const roleRun: RoleRun = { role, url, dfsp, credentials, peers, only, skipSlow, slack, hasOwnData };
  if (options.list)
    return withCases(roleRun, async (cases) => cases.forEach(({ route, name }) => say(`${route}: ${name}`)));
  publish(options, await runRoleCases({ ...roleRun, ...(!options.json && { onOutcome: showProgress }) }));
}

async function runEndToEnd(options: ConformanceOptions): Promise<void> {
  const { network: pageUrl, role, dfsp, only, skipSlow } = options;
  const network = await NetworkUnderTest.find(pageUrl, new Contract(), credentialsOf(dfsp, options.credentials));
  const all = endToEndCases(network, role && { role, dfsp: isCentral(role) ? 'centre' : dfsp });
  const cases = all.filter(({ route, name }) => only === undefined || only.test(`${route} ${name}`));
  if (options.list) return cases.forEach(({ route, name }) => say(`${route}: ${name}`));
  const outcomes = await runCases(cases, { skipsSlow: skipSlow, ...(!options.json && { onOutcome: showProgress }) });
  publish(options, reportOf('end to end', pageUrl, outcomes));
}

/** A dot for each case while they run, on the terminal only. */
function showProgress({ outcome }: { outcome: string }): void {
  if (process.stderr.isTTY) process.stderr.write(outcome === 'failed' ? '✗' : '.');
}

function publish({ json, report: folder }: ConformanceOptions, report: ConformanceReport): void {
  say(json ? JSON.stringify(report, undefined, 2) : textReport(report));
  if (folder !== undefined) {
    const page = writeReports(folder, report);
    process.stderr.write(`${summaryOf(report)}\nreport: ${page}\n`);
  }
  process.exitCode = report.failed === 0 ? 0 : 1;
}

run().catch(exitOnStartupError('conformance'));
