import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlReport } from './html-report.js';
import { junitReport } from './junit-report.js';
import type { ConformanceReport } from './report.js';

/** Writes `<subject>.html`, `<subject>.xml` and `<subject>.json` into a folder. @returns path of the page */
export function writeReports(folder: string, report: ConformanceReport): string {
  mkdirSync(folder, { recursive: true });
  const file = (ending: string): string => join(folder, `${report.subject.replaceAll(' ', '-')}.${ending}`);
  writeFileSync(file('html'), htmlReport(report));
  writeFileSync(file('xml'), junitReport(report));
  writeFileSync(file('json'), `${JSON.stringify(report, undefined, 2)}\n`);
  return file('html');
}
