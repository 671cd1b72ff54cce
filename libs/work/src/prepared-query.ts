/* oxlint-disable no-underscore-dangle -- names of the driver's members */
import pg from 'pg';

/** A statement that is prepared once under its name on each connection. */
export interface PreparedStatement {
  name: string;
  text: string;
  values: unknown[];
}

/** What the driver makes of the description of a statement's answer. */
interface Columns {
  fields: unknown;
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}

/** Members of the driver's query that its types do not name. */
interface DriverQuery {
  name: string;
  text: string;
  values: unknown[];
  callback: (error: Error | null, result: pg.QueryResult) => void;
  _result: Columns;
  _accumulateRows: boolean;
  prepare(connection: object): void;
  handleCommandComplete(message: object, connection: object): void;
}

const DriverQuery = pg.Query as unknown as new (text: string) => DriverQuery;

/** The columns of the answers of the statements that were prepared on one connection, by name. */
export class KnownColumns {
  private readonly columns = new Map<string, Columns>();
  private undescribed: object | undefined;

  find(name: string): Columns | undefined {
    return this.columns.get(name);
  }

  keep(name: string, { fields, _parsers, _prebuiltEmptyResultObject }: Columns): void {
    this.columns.set(name, { fields, _parsers, _prebuiltEmptyResultObject });
  }

  /** The connection without its request for a description. */
  withoutDescription(connection: object): object {
    this.undescribed ??= Object.create(connection, { describe: { value: () => undefined } }) as object;
    return this.undescribed;
  }
}

/**
 * A query of the driver that asks for the description of its answer only the first time. The driver itself asks each
 * time, which costs more than a short statement; the columns of a prepared statement never change.
 */
export class PreparedQuery extends DriverQuery {
  constructor(
    { name, text, values }: PreparedStatement,
    private readonly known: KnownColumns,
    callback: DriverQuery['callback'],
  ) {
    super('');
    Object.assign(this, { name, text, values, callback });
  }

  override prepare(connection: object): void {
    const columns = this.known.find(this.name);
    if (!columns) {
      super.prepare(connection);
      return;
    }
    Object.assign(this._result, columns);
    this._accumulateRows = true;
    super.prepare(this.known.withoutDescription(connection));
  }

  override handleCommandComplete(message: object, connection: object): void {
    if (!this.known.find(this.name)) this.known.keep(this.name, this._result);
    super.handleCommandComplete(message, connection);
  }
}
