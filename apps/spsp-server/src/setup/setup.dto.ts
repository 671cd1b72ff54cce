import { OmitType } from '@nestjs/swagger';
import { ReceiverSetupRequestDto } from '@level-one/peers';

/** A setup at the URL of the receiver or the invoice, which says whom it is for. */
export class PathSetupRequestDto extends OmitType(ReceiverSetupRequestDto, ['receiver']) {}
