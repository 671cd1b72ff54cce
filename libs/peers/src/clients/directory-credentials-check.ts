import type { FactoryProvider } from '@nestjs/common';
import { Health, keepReading, NotReadyError } from '@level-one/platform';
import { CentralDirectoryClient } from './central-directory.client.js';

/** Name of the dependency in `GET /health/ready` and in the metrics. */
const DEPENDENCY = 'credentials at the central directory';

/**
 * Tells in readiness whether the directory takes the key and the secret of the DFSP. Without them numbers of other DFSPs
 * are not found and nobody's signature is known, but the role stays ready: new ones are given while it runs. A directory
 * that does not answer refuses nothing.
 */
export class DirectoryCredentialsCheck {
  constructor(
    private readonly directory: CentralDirectoryClient,
    health: Health,
  ) {
    const read = keepReading(() => this.areRefused());
    health.registerOptionalCheck(DEPENDENCY, async () => {
      if (await read()) {
        throw new NotReadyError('are refused: CENTRAL_DIRECTORY_KEY or CENTRAL_DIRECTORY_SECRET is wrong or retired');
      }
    });
  }

  private async areRefused(): Promise<boolean> {
    try {
      return !(await this.directory.isLetIn());
    } catch {
      return false;
    }
  }
}

/** The check of the credentials of a role's `CentralDirectoryClient`. */
export function directoryCredentialsCheck(): FactoryProvider<DirectoryCredentialsCheck> {
  return {
    provide: DirectoryCredentialsCheck,
    useFactory: (directory: CentralDirectoryClient, health: Health) => new DirectoryCredentialsCheck(directory, health),
    inject: [CentralDirectoryClient, Health],
  };
}
