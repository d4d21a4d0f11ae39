import { appears, until } from './until.mjs';

/** @import { Locator, Page } from 'playwright-core' */
/** @import { QuickInput } from './quick-input.mjs' */

/** The word in the CSS class of a squiggle. @typedef {'error' | 'warning' | 'info' | 'hint'} Severity */

const UNCOPIED = '\u2063not copied yet';
const INSIDE = `document.activeElement?.closest('.editor-instance') != null`;

/** The active text editor. */
export class EditorPane {
  /** @param {Page} page @param {QuickInput} quick */
  constructor(page, quick) {
    this.page = page;
    this.quick = quick;
  }

  /** Puts the cursor there. @param {number} line from 1 @param {number} [column] from 1, UTF-16 units */
  async goTo(line, column = 1) {
    await this.quick.open(`:${line}:${column}`);
    await this.quick.rows.first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.quick.field.waitFor({ state: 'hidden' });
  }

  /**
   * The whole text, saved or not. It goes through the clipboard, whose text is put back, and leaves the cursor where it
   * was: the DOM would only give the lines in view.
   */
  async text() {
    await this.focus();
    const before = await this.#clipboard();
    await this.#setClipboard(UNCOPIED);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+C');
    const { copied } = await until('the editor to be copied', async () => {
      const text = await this.#clipboard();
      return text === UNCOPIED ? undefined : { copied: text };
    });
    await this.page.keyboard.press('ControlOrMeta+U');
    // An edit that came in between has made the editor forget where the cursor was.
    const selected = this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: 'selected)' });
    await selected
      .waitFor({ state: 'detached', timeout: 500 })
      .catch(() => this.page.keyboard.press('ArrowLeft'));
    await this.#setClipboard(before);
    return copied;
  }

  /** Waits until the text holds `wanted`, and returns all of it. @param {string | RegExp} wanted */
  async waitForText(wanted) {
    return until(`the editor to hold ${wanted}`, async () => {
      const text = await this.text();
      const held = typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
      return held ? text : undefined;
    });
  }

  /** Types at the cursor. @param {string} text */
  async type(text) {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  /** Undoes one step. */
  async undo() {
    await this.focus();
    await this.page.keyboard.press('ControlOrMeta+Z');
  }

  /** Does again what was undone. */
  async redo() {
    await this.focus();
    await this.page.keyboard.press('ControlOrMeta+Shift+Z');
  }

  /** Saves and waits until the tab is clean. */
  async save() {
    await this.focus();
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** The squiggles in view. @param {Severity} severity @returns {Locator} */
  squiggles(severity) {
    return this.page.locator(`.editor-instance .squiggly-${severity}`);
  }

  /** Waits for that many squiggles in view. @param {Severity} severity @param {number} count */
  async waitForSquiggles(severity, count) {
    await until(
      `${count} ${severity} squiggles`,
      async () => (await this.squiggles(severity).count()) === count,
    );
  }

  /** The CodeLens whose text holds `text`; `click()` runs it. @param {string} text @returns {Locator} */
  lens(text) {
    return this.page.locator('.codelens-decoration a').filter({ hasText: text }).first();
  }

  /** Waits until that many lenses are in view and returns their texts, without icons. @param {number} count */
  async lenses(count) {
    return until(`${count} lenses`, async () => {
      const texts = await this.page.locator('.codelens-decoration a').allInnerTexts();
      return texts.length === count && texts.map((text) => text.trim());
    });
  }

  /** Opens the quick fix menu at a place and returns its labels. @param {number} line @param {number} [column] */
  async quickFixes(line, column = 1) {
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    await this.goTo(line, column);
    await until('the quick fix menu', async () => {
      await this.page.keyboard.press('ControlOrMeta+.');
      if (await appears(rows.first())) return true;
      await this.page.keyboard.press('Escape');
      return false;
    });
    return (await rows.allInnerTexts()).map((text) => text.trim());
  }

  /** Applies a quick fix at a place. @param {string} label @param {number} line @param {number} [column] */
  async quickFix(label, line, column = 1) {
    await this.quickFixes(line, column);
    await this.page.locator('.action-widget .monaco-list-row').filter({ hasText: label }).first().click();
  }

  /** The text of the hover at a place. @param {number} line @param {number} column */
  async hover(line, column) {
    await this.goTo(line, column);
    await this.quick.run('Show or Focus Hover');
    const content = this.page.locator('.monaco-resizable-hover .monaco-hover-content').first();
    return until('the hover', async () => {
      const text = (await appears(content)) ? await content.innerText() : '';
      return /^(Loading\.\.\.)?$/.test(text) ? undefined : text;
    });
  }

  /** Gives the editor the keyboard, when whatever was asked at the top of the window is answered. */
  async focus() {
    await this.quick.field.waitFor({ state: 'hidden' });
    if ((await this.page.evaluate(INSIDE)) === true) return;
    await this.quick.run('View: Focus Active Editor Group');
    await until('the editor to have the focus', async () => (await this.page.evaluate(INSIDE)) === true);
  }

  /** @returns {Promise<string>} */
  async #clipboard() {
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  /** @param {string} text */
  async #setClipboard(text) {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }
}
