import type { DataSource } from 'typeorm';

/** What a user may do: look, propose changes, or approve what others propose. */
export const USER_ROLES = ['viewer', 'operator', 'admin'] as const;
export type UserRole = (typeof USER_ROLES)[number];

export interface ConsoleUser {
  name: string;
  role: UserRole;
}

/** Users of the demo network; the password of each is its name. The first is everybody who has not signed in. */
export const DEMO_USERS: readonly ConsoleUser[] = [
  { name: 'demo', role: 'admin' },
  { name: 'demo2', role: 'admin' },
];

interface UserRow extends ConsoleUser {
  secretHash: string;
}

/** A user by name. */
export async function findUser(dataSource: DataSource, name: string): Promise<UserRow | undefined> {
  const [row] = await dataSource.query<UserRow[]>(
    'SELECT name, role, secret_hash AS "secretHash" FROM users WHERE name = $1',
    [name],
  );
  return row;
}

/** Adds a user, or gives one another role and password; sessions of that user end. */
export async function putUser(dataSource: DataSource, { name, role, secretHash }: UserRow): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO users (name, role, secret_hash) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET role = excluded.role, secret_hash = excluded.secret_hash, changed_at = now()`,
      [name, role, secretHash],
    );
    await manager.query('DELETE FROM sessions WHERE user_name = $1', [name]);
  });
}

/** Deletes a user and ends its sessions. @returns whether there was one */
export async function deleteUser(dataSource: DataSource, name: string): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    const [, deleted] = await manager.query<[unknown, number]>('DELETE FROM users WHERE name = $1', [name]);
    await manager.query('DELETE FROM sessions WHERE user_name = $1', [name]);
    return deleted > 0;
  });
}
