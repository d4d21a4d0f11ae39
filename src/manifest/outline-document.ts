import type { Span } from '../core/span.ts';
import { contentOf } from './documents.ts';
import { OutlineBuilder, type OutlineNode } from './outline.ts';
import { readBlocks } from './yaml-block.ts';

/** The outline of one document of a file. Total and linear, broken files and templates included. */
export function outlineOf(text: string, span: Span): OutlineNode | undefined {
  const outline = new OutlineBuilder(text, span.end);
  readBlocks(text, contentOf(text, span), outline);
  return outline.root;
}
