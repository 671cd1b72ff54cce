import { Body, Controller, Get, Header, Headers, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
  ApiExtraModels,
} from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { AmountType } from '@level-one/quote';
import { CallableBy, CommonErrorId, commonError } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { validatedBody } from '../../requests/validated.js';
import { assertUnderstood } from './bulk-columns.js';
import { type ListedRow, readCsvList, readJsonList } from './bulk-list.js';
import { BulkListDto, BulkOrderDto, BulkPaymentDto, BulkRowsDto, BulkRowsQueryDto } from './bulk-payments.dto.js';
import { BulkPaymentsService } from './bulk-payments.service.js';

const ID = { name: 'bulkPaymentId', example: '2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72' };
const JSON_LIST = {
  bulkPaymentId: '2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72',
  sourceIdentifier: '78956562',
  sourceAccount: 'alice',
  rows: [
    { identifier: '26547070', amount: '10.40' },
    { identifier: '78956563', amount: '5' },
  ],
};

/** Members of a list in JSON that are known. */
const ORDER_MEMBERS = new Set([
  'bulkPaymentId',
  'sourceIdentifier',
  'sourceAccount',
  'amountType',
  'currency',
  'deadline',
  'rows',
]);

const LISTS = {
  json: { summary: 'as application/json', value: JSON_LIST },
  csv: {
    summary: 'as text/csv, with the rest in the query',
    value: 'identifier,amount\n26547070,10.40\n78956563,5\n',
  },
};

/** Bulk payments: many payees paid from one account. */
@ApiTags('Pay many at once')
@ApiExtraModels(BulkListDto)
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('channel')
@Controller(['v1', ''])
export class BulkPaymentsController {
  constructor(
    private readonly bulks: BulkPaymentsService,
    private readonly settings: DfspApiSettings,
  ) {}

  /**
   * Takes a list of payees and quotes every row: payee, fee, limits. The list is JSON, or CSV with the columns
   * `identifier` and `amount` and optionally `currency`; with CSV the other members are in the query. No row is paid
   * before the list is executed.
   */
  @Post('bulkPayments')
  @ApiConsumes('application/json', 'text/csv')
  @ApiQuery({ name: 'sourceIdentifier', required: false, description: 'for CSV' })
  @ApiQuery({ name: 'sourceAccount', required: false, description: 'for CSV' })
  @ApiQuery({ name: 'bulkPaymentId', required: false, description: 'for CSV' })
  @ApiQuery({ name: 'amountType', required: false, enum: AmountType, description: 'for CSV' })
  @ApiQuery({ name: 'currency', required: false, description: 'for CSV: currency of rows that name none' })
  @ApiQuery({
    name: 'deadline',
    required: false,
    description: 'for CSV: until when rows are tried that cannot be checked now',
  })
  @ApiBody({
    schema: { oneOf: [{ $ref: getSchemaPath(BulkListDto) }, { type: 'string', description: 'CSV' }] },
    examples: LISTS,
  })
  @ApiResponse({ status: 201, type: BulkPaymentDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, IncorrectAmountTypeError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound, NotFoundError (account)' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, AlreadyExistsError' })
  async createBulkPayment(
    @Body() body: unknown,
    @Query() query: Record<string, unknown>,
    @Headers('content-type') contentType = '',
  ): Promise<BulkPaymentDto> {
    const isCsv = /^text\/csv\b/i.test(contentType);
    const stray = isCsv ? undefined : Object.keys(query).find((name) => ORDER_MEMBERS.has(name));
    if (stray !== undefined) {
      throw commonError(CommonErrorId.InvalidBody, { message: `${stray} belongs in the body of a list in JSON` });
    }
    const { rows: listed, ...told } = (isCsv ? query : (body ?? {})) as { rows?: unknown };
    const given = Object.keys(told).filter((name) => !ORDER_MEMBERS.has(name));
    assertUnderstood(given, isCsv ? 'parameter' : 'member');
    const order = await validatedBody(BulkOrderDto, told, this.settings);
    const rows: ListedRow[] = isCsv
      ? await readCsvList(String(body), order.currency)
      : await readJsonList(listed, order.currency);
    return this.bulks.createBulkPayment(order, rows);
  }

  /** Status of a list, and its rows by status. */
  @Get('bulkPayments/:bulkPaymentId')
  @ApiParam(ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  readBulkPayment(@Param('bulkPaymentId') id: string): Promise<BulkPaymentDto> {
    return this.bulks.readBulkPayment(id);
  }

  /** Rows of a list, in the order of the list. */
  @Get('bulkPayments/:bulkPaymentId/rows')
  @ApiParam(ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async listBulkRows(@Param('bulkPaymentId') id: string, @Query() query: BulkRowsQueryDto): Promise<BulkRowsDto> {
    return { rows: await this.bulks.listRows(id, query) };
  }

  /** The list with the result of each row, as a CSV file. */
  @Get('bulkPayments/:bulkPaymentId/result')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="result.csv"')
  @ApiProduces('text/csv')
  @ApiParam(ID)
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  downloadBulkPayment(@Param('bulkPaymentId') id: string): Promise<string> {
    return this.bulks.resultFile(id);
  }

  /** Pays every checked row of a list. */
  @Put('bulkPayments/:bulkPaymentId/execute')
  @HttpCode(200)
  @ApiParam(ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  executeBulkPayment(@Param('bulkPaymentId') id: string): Promise<BulkPaymentDto> {
    return this.bulks.executeBulkPayment(id);
  }

  /**
   * Tries the rows again that could not be checked or paid because a system was away, at once and until a new deadline. A
   * list that is `checked` or `done` is checked again, and has to be executed again.
   */
  @Put('bulkPayments/:bulkPaymentId/resume')
  @HttpCode(200)
  @ApiParam(ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  resumeBulkPayment(@Param('bulkPaymentId') id: string): Promise<BulkPaymentDto> {
    return this.bulks.resumeBulkPayment(id);
  }

  /** Cancels every row of a list that is not being paid yet. */
  @Put('bulkPayments/:bulkPaymentId/cancel')
  @HttpCode(200)
  @ApiParam(ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  cancelBulkPayment(@Param('bulkPaymentId') id: string): Promise<BulkPaymentDto> {
    return this.bulks.cancelBulkPayment(id);
  }
}
