import { describe, expect, it } from '@jest/globals';
import { csvRecords } from './csv-records.js';
import { BULK_ROWS_MAX, type ListedRow, readCsvList, readJsonList } from './bulk-list.js';

const textsOf = (rows: readonly ListedRow[]): string[] =>
  rows.map(({ line, identifier, amount, currency, problem }) =>
    [line, identifier, amount, currency, problem?.message].filter((part) => part !== undefined).join(' '),
  );

describe('lists of payees as CSV', () => {
  it('field A: may name a currency in each row', async () => {
    const text = 'identifier,amount,currency\n26547070,1.25,UGX\n78956563,5,usd\n1,2,\n1,3,dollars\n';
    expect(textsOf(await readCsvList(text))).toEqual([
      '2 26547070 1.25 UGX',
      '3 78956563 5 USD',
      '4 1 2',
      '5 1 3 currency must be three letters, such as USD',
    ]);
    expect(textsOf(await readCsvList(text, 'KES'))[2]).toBe('4 1 2 KES');
    for (const title of ['amount_currency', 'Currency Code', 'ccy']) {
      expect(textsOf(await readCsvList(`identifier,amount,${title}\n1,2,UGX\n`))).toEqual(['2 1 2 UGX']);
    }
  });

  it.each([
    'unit',
    'Unit of amount',
    'amountType',
    'fee',
    'curency',
    'amout',
    'identifer',
    'scale',
    'in cents',
    'account',
  ])('field A: are refused with an unknown column about the payment: %p', async (title) => {
    await expect(readCsvList(`identifier,amount,${title}\n1,2,x\n`)).rejects.toThrow(
      `The column ${title} is not known`,
    );
  });

  it('field A: may have columns that are not about the payment', async () => {
    const text = 'name,note,department,phone,identifier,amount,reference\nBob,rent,sales,1,26547070,1,x\n';
    expect(textsOf(await readCsvList(text))).toEqual(['2 26547070 1']);
  });

  it('field H: are read with semicolons and decimal commas, tabs, and a line that names the separator', async () => {
    const semicolons =
      '\ufeffname;identifier;amount\r\nBob;26547070;10,40\r\nCarol;78956563;5\r\nD;1;1,000\r\nE;1;1.5\r\n';
    expect(textsOf(await readCsvList(semicolons))).toEqual([
      '2 26547070 10.4',
      '3 78956563 5',
      '4 1 1,000 amount 1,000 is ambiguous: the comma may separate thousands or decimals',
      '5 1 1.5',
    ]);
    expect(textsOf(await readCsvList('sep=,\r\nidentifier,amount\r\n26547070,10.40\r\n'))).toEqual(['3 26547070 10.4']);
    expect(textsOf(await readCsvList('sep=;\nidentifier;amount\n1;2,5\n'))).toEqual(['3 1 2.5']);
    expect(textsOf(await readCsvList('identifier\tamount\n1\t2\n'))).toEqual(['2 1 2']);
    expect(textsOf(await readCsvList('identifier,amount\n1,"2,5"\n'))).toEqual([
      '2 1 2,5 Amount must be a decimal number',
    ]);
  });

  it('field H: are read also if one line has a stray quotation mark', async () => {
    const stray =
      'identifier,amount,note\n26547070,1.01,rent\n78956563,1.02,"paid for "school" fees"\n26547070,1.03,bonus\n';
    expect(textsOf(await readCsvList(stray))).toEqual(['2 26547070 1.01', '3 78956563 1.02', '4 26547070 1.03']);
    const open = 'identifier,amount,note\n1,1,"a\n2,2,b\n3,3,"c, d"\n';
    expect(textsOf(await readCsvList(open)).map((row) => row.slice(0, 20))).toEqual([
      '2   The line has a q',
      '3 2 2',
      '4 3 3',
    ]);
    const long = `identifier,amount,note\n1,1,${'x'.repeat(20_000)}\n2,2,b\n`;
    expect(textsOf(await readCsvList(long))[1]).toBe('3 2 2');
  });

  it('field H: lose no line to a quotation mark that another one, lines later, seems to end', async () => {
    const swallowing = 'identifier,amount,note\n1,1,"a\n2,2,b\n3,3,c"\n4,4,d\n';
    expect(textsOf(await readCsvList(swallowing))).toEqual([
      '2   The line has a quotation mark that is never closed, or is too long',
      '3 2 2',
      '4 3 3',
      '5 4 4',
    ]);
  });

  it('field H: may have line breaks of several systems, and rows that are empty in a spreadsheet', async () => {
    expect(textsOf(await readCsvList('identifier,amount\r\n1,1\n2,2\r\n3,3\r4,4'))).toEqual([
      '2 1 1',
      '3 2 2',
      '4 3 3',
      '5 4 4',
    ]);
    expect(textsOf(await readCsvList('identifier,amount\n1,1\r\n2,2\r\n'))).toEqual(['2 1 1', '3 2 2']);
    expect(textsOf(await readCsvList('identifier,amount,note\n1,1,x\n,,\n , ,\n2,2,y\n'))).toEqual(['2 1 1', '5 2 2']);
    const longAndEmpty = `identifier,amount\n1,1\n${',\n'.repeat(BULK_ROWS_MAX + 5)}2,2\n`;
    expect(textsOf(await readCsvList(longAndEmpty))).toEqual(['2 1 1', `${BULK_ROWS_MAX + 8} 2 2`]);
    expect(textsOf(await readCsvList('"sep=;"\ridentifier;amount\r1;2,5\r'))).toEqual(['3 1 2.5']);
  });

  it('may have records of more than one line', async () => {
    expect(textsOf(await readCsvList('identifier,amount,note\n1,1,"two\nlines"\n2,2,x\n'))).toEqual(['2 1 1', '4 2 2']);
  });
});

describe('lists of payees as JSON', () => {
  it('field A: may name a currency in each row; rows with unknown members about the payment are refused', async () => {
    const rows = [
      { identifier: '1', amount: '1.25', currency: 'UGX' },
      { identifier: '1', amount: 2, note: 'rent' },
      { identifier: '1', amount: '3', currencyCode: 'KES' },
      { identifier: '1', amount: '4', unit: 'UGX' },
      { identifier: '1', amount: '5', curency: 'UGX' },
      { identifier: '1', amount: '6', currency: 800 },
      { identifier: '1', amount: '7', currency: 'UGX', ccy: 'KES' },
      { identifier: '1', amount: { amount: '8', currency: 'UGX' } },
      null,
    ];
    expect(textsOf(await readJsonList(rows))).toEqual([
      '1 1 1.25 UGX',
      '2 1 2',
      '3 1 3 KES',
      '4 1 4 The member unit is not known',
      '5 1 5 The member curency is not known',
      '6 1 6 currency must be three letters, such as USD',
      '7 1 7 UGX The row has currency more than once',
      '8 1  amount is missing',
      '9   identifier is missing',
    ]);
  });
});

describe('A6: long lists', () => {
  it('are read in slices, and no further than the maximum of rows', async () => {
    let turns = 0;
    let isRead = false;
    const turn = (): void => {
      turns += 1;
      if (!isRead) setImmediate(turn);
    };
    setImmediate(turn);
    const text = `identifier,amount,note\n${`1,2,${'x'.repeat(1_000)}\n`.repeat(500)}`;
    expect(await readCsvList(text)).toHaveLength(500);
    isRead = true;
    expect(turns).toBeGreaterThan(20);
    const tooLong = (row: string): Promise<unknown> => readCsvList(`identifier,amount\n${row.repeat(300_000)}`);
    const refusal = { status: 422, message: `At most ${BULK_ROWS_MAX} rows are taken at once` };
    await expect(tooLong('1,2\n')).rejects.toMatchObject(refusal);
    await expect(tooLong('1"1,2\n')).rejects.toMatchObject(refusal);
    expect((await csvRecords('identifier,amount\n1"1,2\n\n\n1,2\n1,2\n', 3)).records).toHaveLength(3);
  });

  it('have rows of few members', async () => {
    const strange = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`member${index}`, 1]));
    expect(textsOf(await readJsonList([{ identifier: '1', amount: '2', ...strange }]))).toEqual([
      '1 1 2 The row has more than 64 members',
    ]);
  });
});
