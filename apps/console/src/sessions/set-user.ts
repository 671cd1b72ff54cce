import {
  dataSourceOf,
  exitOnStartupError,
  hashSecret,
  secretProblem,
  settingsFromEnvironment,
  StartupError,
} from '@level-one/platform';
import type { DataSource } from 'typeorm';
import { SetUserSettings } from './set-user.settings.js';
import { deleteUser, putUser, USER_ROLES, type UserRole } from './users.js';

const USAGE =
  'npm run -s console:user -- <name> viewer|operator|admin|none, with the password on standard input; none deletes the user';
const NAME = /^[\w.@-]{1,64}$/;

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password, then Enter: ');
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.replace(/\r?\n[\s\S]*$/, '');
}

function isUserRole(role: string): role is UserRole {
  return (USER_ROLES as readonly string[]).includes(role);
}

async function changeUser(dataSource: DataSource, name: string, role: string): Promise<string> {
  if (role === 'none') return (await deleteUser(dataSource, name)) ? `${name} is deleted` : `there is no user ${name}`;
  if (!isUserRole(role)) throw new StartupError(USAGE);
  const password = await readPassword();
  const problem = secretProblem(password, name);
  if (problem) throw new StartupError(`the password ${problem}`);
  await putUser(dataSource, { name, role, secretHash: await hashSecret(password) });
  return `${name} is ${role}`;
}

/** Adds, changes or deletes a user of the console. Sessions of the user end. */
async function run(): Promise<void> {
  const [name = '', role = ''] = process.argv.slice(2);
  if (!NAME.test(name)) throw new StartupError(USAGE);
  const { databaseUrl, databaseSchema } = settingsFromEnvironment(SetUserSettings, process.env);
  const dataSource = await dataSourceOf({ databaseUrl, schema: databaseSchema, poolSize: 1 }).initialize();
  try {
    process.stdout.write(`${await changeUser(dataSource, name, role)}\n`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42P01') throw error;
    throw new StartupError(`there is no console in schema ${databaseSchema}; start the console once`);
  } finally {
    await dataSource.destroy();
  }
  process.exit(0);
}

run().catch(exitOnStartupError('console:user'));
