/** A report on one model over one period, before it is written as Markdown or HTML. */
export interface Report {
  readonly title: string;
  /** Sentences below the title. */
  readonly facts: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Why there is nothing, or not all: said in place of an empty table, or below it. */
  readonly missing?: string | undefined;
}

export interface Period {
  readonly namespace: string;
  readonly model: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Value of the label `cluster`, where one Prometheus has several. */
  readonly cluster?: string | undefined;
}
