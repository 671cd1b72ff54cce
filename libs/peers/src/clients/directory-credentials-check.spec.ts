import { describe, expect, it } from '@jest/globals';
import { Health, HopRecorder, RoleIdentity } from '@level-one/platform';
import { FakePeers } from '@level-one/testing';
import { PeerHttp } from '../http/peer-http.js';
import { CentralDirectoryClient } from './central-directory.client.js';
import { DirectoryCredentialsCheck } from './directory-credentials-check.js';

async function readinessWith(answer: { status: number; json: object }) {
  const directory = await FakePeers.start();
  try {
    directory.on(/^GET \/dfsps$/, () => answer);
    const health = new Health();
    const http = new PeerHttp(new RoleIdentity('dfsp-api', 'dfsp1'), new HopRecorder());
    const check = new DirectoryCredentialsCheck(
      new CentralDirectoryClient(http, directory.url, 'Basic ZGZzcDE6c2VjcmV0'),
      health,
    );
    expect(check).toBeDefined();
    await health.assertReady();
    const readiness = await health.readReadiness();
    await health.readReadiness();
    await http.onApplicationShutdown();
    return { ...readiness, asked: directory.callsTo(/dfsps/) };
  } finally {
    await directory.stop();
  }
}

describe('DirectoryCredentialsCheck', () => {
  it('asks the directory as the DFSP, once for all who look', async () => {
    const { ready, dependencies, asked } = await readinessWith({ status: 200, json: [] });
    expect(ready).toBe(true);
    expect(dependencies).toEqual([{ name: 'credentials at the central directory', ready: true, optional: true }]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Basic ZGZzcDE6c2VjcmV0']);
  });

  it('tells of credentials that are refused, and the role stays ready', async () => {
    const { ready, dependencies } = await readinessWith({ status: 401, json: { id: 'Unauthorized', message: 'no' } });
    expect(ready).toBe(true);
    expect(dependencies).toMatchObject([
      { ready: false, optional: true, why: expect.stringMatching(/^are refused: CENTRAL_DIRECTORY_KEY/) },
    ]);
  });

  it('is content with a directory that fails: it refuses nothing', async () => {
    const { dependencies } = await readinessWith({ status: 500, json: { id: 'InternalError', message: 'no' } });
    expect(dependencies).toMatchObject([{ ready: true }]);
  });
});
