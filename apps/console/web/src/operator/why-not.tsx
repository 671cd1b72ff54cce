import { Text } from '@mantine/core';
import type { Reason, RefusedPayment } from '../ui/refusals-in-words';
import { useReasonWords } from '../ui/use-reason-words';

/** Why something was refused, in a cell of a table; its id and message are its title. */
export function WhyNot({ reason, payment }: { reason?: Reason; payment?: RefusedPayment }) {
  const words = useReasonWords();
  if (!reason) return <></>;
  return (
    <Text size="xs" miw={180} maw={260} title={[reason.id, reason.message].filter((part) => part).join(': ')}>
      {words(reason, payment).what}
    </Text>
  );
}
