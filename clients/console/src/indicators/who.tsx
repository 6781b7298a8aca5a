// Who says something, as far as the reader may know: a member here, or through which peer it came.
interface Props {
  organisation?: string | undefined;
  origin?: string | undefined;
}

export function Who({ organisation, origin }: Props) {
  return (
    <>
      {organisation ?? <span className="nothing">not named</span>}
      {origin !== undefined && <span className="origin"> through {origin}</span>}
    </>
  );
}
