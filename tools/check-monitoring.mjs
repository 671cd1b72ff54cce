#!/usr/bin/env node
// @ts-check
/**
 * Checks docker/monitoring with promtool: the configuration of Prometheus, the alert rules, and their tests. Without
 * promtool it says how to get it and ends with exit code 1; with `--if-found` it ends with 0.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const FOLDER = join(dirname(import.meta.dirname), 'docker', 'monitoring');
const CHECKS = [
  ['check', 'config', 'prometheus.yml'],
  ['check', 'rules', 'alerts.yml'],
  ['test', 'rules', 'alerts.test.yml'],
];
const HOW_TO_GET_IT =
  'promtool was not found, so alert rules were not checked. It is in Debian\'s package "prometheus" (apt-get install ' +
  'prometheus), and in the archives at https://prometheus.io/download';

if (spawnSync('promtool', ['--version']).error) {
  process.stderr.write(`${HOW_TO_GET_IT}\n`);
  process.exit(process.argv.includes('--if-found') ? 0 : 1);
}
const failed = CHECKS.filter((words) => spawnSync('promtool', words, { cwd: FOLDER, stdio: 'inherit' }).status !== 0);
process.exit(failed.length === 0 ? 0 : 1);
