// What stands where there is nothing to show: it is being asked for, it failed, or there is none. Each says what to do.
import type { ReactNode } from "react";
import type { Answer } from "../api/use_answer";

export function Failure({ sentence, again }: { sentence: string; again?: () => void }) {
  return (
    <div className="failure" role="alert">
      <p>{sentence}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

interface Props<T> {
  answer: Answer<T>;
  children: (value: T) => ReactNode;
}

export function Answered<T>({ answer, children }: Props<T>) {
  if (answer.state === "loading")
    return (
      <p className="loading" role="status">
        Asking the server…
      </p>
    );
  if (answer.state === "failed") return <Failure sentence={answer.sentence} again={answer.again} />;
  return <>{children(answer.value)}</>;
}
