import { useState } from 'react';
import { type Arrow, lanesOf } from './arrows';
import { ArrowList } from './arrow-list';
import type { View } from './drawing-and-words';
import { HopDetail } from './hop-detail';
import { Sequence } from './sequence';

interface StepsProps {
  arrows: readonly Arrow[];
  left: string;
  view: View;
  isWide?: boolean;
  /** Told of the chosen step; then it is shown there and not below its row. */
  onSelect?: (arrow: Arrow | null) => void;
}

/** Steps of one trace, as a drawing or as a list. */
export function Steps({ arrows, left, view, isWide, onSelect }: StepsProps) {
  const [selected, setSelected] = useState<string | null>(null);
  const chosen = arrows.find(({ id }) => id === selected) ?? null;
  const choose = (id: string | null) => {
    setSelected(id);
    onSelect?.(arrows.find((arrow) => arrow.id === id) ?? null);
  };
  if (view === 'list') {
    return <ArrowList arrows={arrows} selected={selected} onSelect={choose} hasDetail={!onSelect} />;
  }
  return (
    <Sequence
      arrows={arrows}
      lanes={lanesOf(arrows, left)}
      selected={selected}
      onSelect={choose}
      isWide={isWide}
      detail={!onSelect && chosen && <HopDetail arrow={chosen} />}
    />
  );
}
