#!/usr/bin/env node
// @ts-check
/** The demo network in which one DFSP answers by rules: see docs/simulator.md. */
import { readFileSync } from 'node:fs';
import { SimulatedDfsp } from '../../../../dist/apps/conformance/src/simulator/simulated-dfsp.js';
import { serveRules } from '../../../../dist/apps/conformance/src/simulator/serve-rules.js';
import { instanceNamed } from '../../../../dist/apps/network/src/plan/topology.js';
import { exitOnStartupError, StartupError } from '../../../../dist/libs/platform/src/index.js';
import { Faults } from '../../../../dist/libs/testing/src/faults/index.js';
import { optionsOf, say } from './kit/command.mjs';
import { startProxiedNetwork } from './kit/proxied-network.mjs';

/** Port of the rules, after that of the faults. */
const RULES_OFFSET = 251;

const USAGE = `Usage: npm run simulate -- [--dfsp dfsp1] [--rules <file>] [--scenario <name>] [--except <instances>]

Starts the network. One DFSP (dfsp1 unless given) answers by rules: docs/simulator.md.
--except leaves instances out, for systems of your own: dfsp2/spsp-backend, with commas between.`;

/** @param {string | undefined} file */
function rulesIn(file) {
  try {
    return file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartupError(`the rules ${file} cannot be read: ${/** @type {Error} */ (error).message}`);
  }
}

async function simulate() {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = { dfsp: text, rules: text, scenario: text, except: text };
  const given = optionsOf(process.argv.slice(2), options, USAGE);
  const { dfsp = 'dfsp1' } = given;
  if (given.except !== undefined) process.env['EXCEPT'] = given.except;
  const rules = rulesIn(given.rules);
  const faults = new Faults();
  // Wrong rules end the command before anything is started.
  new SimulatedDfsp({ dfsp, apiUrl: '', faults: new Faults(), report: say }).addRules(rules);
  const plan = await startProxiedNetwork(faults);
  const apiUrl = instanceNamed(plan, `${dfsp}/dfsp-api`).baseUrl;
  const simulated = new SimulatedDfsp({ dfsp, apiUrl, faults, report: say });
  simulated.addRules(rules);
  simulated.scenario = given.scenario;
  await serveRules(simulated, plan.portBase + RULES_OFFSET);
  say(`${dfsp} answers by rules; they are changed at http://127.0.0.1:${plan.portBase + RULES_OFFSET}/rules`);
}

try {
  await simulate();
} catch (error) {
  exitOnStartupError('simulate')(error);
}
