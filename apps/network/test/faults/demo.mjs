#!/usr/bin/env node
// @ts-check
/** The demo network with a fault proxy before each role, switched by HTTP: see docs/faults.md. */
import { Faults } from '../../../../dist/libs/testing/src/faults/index.js';
import { say } from './kit/command.mjs';
import { CONTROL_OFFSET, startProxiedNetwork } from './kit/proxied-network.mjs';

const { portBase } = await startProxiedNetwork(new Faults());
say(`Faults are switched at http://127.0.0.1:${portBase + CONTROL_OFFSET} (docs/faults.md)`);
