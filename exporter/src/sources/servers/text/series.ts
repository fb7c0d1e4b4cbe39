/** Which series a page named already. */
import type { LabelSet } from './labels';
import { mixed } from './strings';

export class SeenSeries {
  private names: string[] = [];
  private sets: LabelSet[] = [];
  private hashes = new Int32Array(64);
  /** Places in the lists above, plus one. */
  private table = new Int32Array(128);

  /** False when a series of this name and these labels, in whatever order, was there before. */
  add(name: string, nameHash: number, set: LabelSet): boolean {
    const hash = mixed(nameHash ^ set.hash);
    const mask = this.table.length - 1;
    let slot = hash & mask;
    for (let place = this.table[slot] as number; place !== 0; place = this.table[slot] as number) {
      const known = place - 1;
      if (this.hashes[known] === hash && this.names[known] === name && sameLabels(this.sets[known] as LabelSet, set)) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    this.names.push(name);
    this.sets.push(set);
    this.hashes[this.names.length - 1] = hash;
    this.table[slot] = this.names.length;
    if (this.names.length === this.hashes.length) this.grow();
    return true;
  }

  private grow(): void {
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const mask = hashes.length * 2 - 1;
    this.table = new Int32Array(mask + 1);
    for (let place = 0; place < this.names.length; place += 1) {
      let slot = (hashes[place] as number) & mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
      this.table[slot] = place + 1;
    }
  }
}

function sameLabels({ labels: one }: LabelSet, { labels: other }: LabelSet): boolean {
  if (one === other) return true;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
