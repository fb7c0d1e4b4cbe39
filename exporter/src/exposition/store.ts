/**
 * Pre-rendered exposition. Knows nothing of models: families have a header, and objects contribute text to them.
 * The text of samples is the same in Prometheus text 0.0.4 and OpenMetrics 1.0; only headers and the end differ.
 */
import type { ViewedFamily } from './body';

export interface FamilyHeader {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
}

/** Families that the same objects contribute to. */
export interface FamilyGroup {
  readonly name: string;
  /** Name by which a scrape chooses it, where several groups are one to whoever asks; else its name. */
  readonly chosenBy?: string;
  readonly families: readonly FamilyHeader[];
}

export type Format = 'prometheus' | 'openmetrics';

/** What of the store a scrape asks for; absent means all. */
export interface Selection {
  readonly families?: ReadonlySet<string> | undefined;
  /** `''` stands for the objects that belong to no namespace. */
  readonly namespaces?: ReadonlySet<string> | undefined;
}

export interface ExpositionStore {
  readonly groups: readonly FamilyGroup[];
  /**
   * `texts[i]` belongs to `families[i]` of the group; replaces what the object said before. A text that is the same
   * costs a comparison and nothing else.
   */
  set(group: string, objectKey: string, texts: readonly string[], namespace?: string): void;
  delete(group: string, objectKey: string): void;
  /** Leaves the whole group out of views from now on, or takes it in again; its objects are kept meanwhile. */
  show(group: string, shown: boolean): void;
  /** An atomic view: taken at once, later changes do not show in it, in no family. */
  view(format: Format, selection?: Selection): ExpositionView;
  /** The same as a part of a view of several stores. */
  part(format: Format, selection?: Selection): ViewPart;
  figures(): StoreFigures;
  /** Does at once what the background would do in its time (seal, merge, compress); resolves when it is done. */
  settle(): Promise<void>;
}

export interface ViewPart {
  readonly families: readonly ViewedFamily[];
  /** A gzip body of it is about to be made. */
  readonly gzipScraped: () => void;
}

export interface ExpositionView {
  /** The text and `tail` after it. */
  plain(tail: Buffer): Promise<Body>;
  /** The same as one gzip member. */
  gzip(tail: Buffer): Promise<Body>;
  /** All of it at once, for small stores. */
  text(): string;
}

/** A body that is ready to be sent. It shares its buffers with the store and with every other body. */
export interface Body {
  readonly buffers: readonly Buffer[];
  /** Of the body as it is sent. */
  readonly bytes: number;
  /** Before compression. */
  readonly textBytes: number;
  /** Sample lines, without those of the tail. */
  readonly series: number;
}

export interface StoreFigures {
  /** Segments in use, one per 128 slots and group, times the families of the group that have text in it. */
  readonly segments: number;
  readonly textBytes: number;
  readonly compressedBytes: number;
  /** Since the start: segments whose text was put together anew, and whose text was compressed anew. */
  readonly sealed: number;
  readonly compressed: number;
}
