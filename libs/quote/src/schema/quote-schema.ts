import { AskQuotes1795800002800 } from './ask-quotes.migration.js';
import { CreateQuotes1700000002200 } from './create-quotes.migration.js';
import { ExtendQuotes1795300002500 } from './extend-quotes.migration.js';
import { MoveQuotes1796400002500 } from './move-quotes.migration.js';
import { QuoteCurrencies1795300002600 } from './quote-currencies.migration.js';
import { FindOldQuotes1796500002900 } from './find-old-quotes.migration.js';
import { ListQuotes1796800002950 } from './list-quotes.migration.js';
import { KeepQuoteTimes1798300002600 } from './keep-quote-times.migration.js';
import { Quote } from '../quotes/quote.entity.js';

/** Entities of a role with quotes. */
export const QUOTE_ENTITIES = [Quote];

/** Migrations of these entities, oldest first. */
export const QUOTE_MIGRATIONS = [
  CreateQuotes1700000002200,
  ExtendQuotes1795300002500,
  QuoteCurrencies1795300002600,
  AskQuotes1795800002800,
  FindOldQuotes1796500002900,
  MoveQuotes1796400002500,
  ListQuotes1796800002950,
  KeepQuoteTimes1798300002600,
];
