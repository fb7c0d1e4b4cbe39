import { Lane } from '../lane';

/** Endpoints that hung last time share a quarter of the width, so that the others always have the rest. */
export class Lanes {
  private readonly swift: Lane;
  private readonly slow: Lane;

  constructor(width: number) {
    const slow = Math.ceil(width / 4);
    this.swift = new Lane(width - slow);
    this.slow = new Lane(slow);
  }

  for(hung: boolean): Lane {
    return hung ? this.slow : this.swift;
  }
}
