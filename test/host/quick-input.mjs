import { appears, quoted, until } from './until.mjs';

/** @import { Locator, Page } from 'playwright-core' */

/** The field at the top of the window: the command palette, quick picks and input boxes. */
export class QuickInput {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Locator} */
    this.widget = page.locator('.quick-input-widget');
    /** The text field. @type {Locator} */
    this.field = this.widget.locator('input.input').first();
    /** What stands below the field: the prompt, or why the value is refused. @type {Locator} */
    this.message = this.widget.locator('.quick-input-message');
    /** @type {Locator} */
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Opens quick open with `value` in it: `>` for commands, `:` for a line, else a file. @param {string} value */
  async open(value) {
    // What takes the focus just then closes it again.
    await until('quick open', async () => {
      await this.page.keyboard.press('F1');
      return (await appears(this.field)) && (await filled(this.field, value));
    });
  }

  /** Runs a command. @param {string} title as the palette shows it: `Purser: Encrypt Secret` */
  async run(title) {
    const name = '.quick-input-list .monaco-list-row[aria-label';
    const row = this.page.locator(`${name}=${quoted(title)} i], ${name}^=${quoted(`${title},`)} i]`).first();
    // An open palette does not take in the commands of an extension that is registered meanwhile.
    await until(`the palette to offer ${title}`, async () => {
      await this.open(`>${title}`);
      if (await appears(row)) return true;
      await this.page.keyboard.press('Escape');
      return false;
    });
    await row.click();
    await until(`${title} to be taken`, async () => {
      return !(await this.field.isVisible()) || (await this.field.inputValue()) !== `>${title}`;
    });
  }

  /** The labels the palette offers for `text`, such as `Purser:`, to see which commands are hidden. @param {string} text */
  async commands(text) {
    await this.open(`>${text}`);
    await this.rows.first().waitFor();
    const labels = await this.rows.evaluateAll((rows) =>
      rows.map((row) => row.getAttribute('aria-label') ?? ''),
    );
    await this.page.keyboard.press('Escape');
    return labels;
  }

  /** The row whose text holds `label`; `click()` chooses it. @param {string} label @returns {Locator} */
  row(label) {
    return this.rows.filter({ hasText: label }).first();
  }

  /** The text of each row in view, once it stays as it is: rows of a list that goes may still be there. */
  async labels() {
    await this.rows.first().waitFor();
    /** @type {string[]} */
    let last = [];
    await until('the list to stay as it is', async () => {
      const before = last;
      last = (await this.rows.allInnerTexts()).map((text) => text.replaceAll(/\s*\n\s*/g, ' ').trim());
      return last.length > 0 && before.join('\n') === last.join('\n');
    });
    return last;
  }

  /** Chooses a row. @param {string} label */
  async pick(label) {
    // The row under the mouse may have a hover by now, which lies over others.
    await this.page.mouse.move(0, 0);
    await this.row(label).click();
  }

  /** Presses a button of a row; it shows on hover. @param {string} label @param {string} button its tooltip */
  async pressRowButton(label, button) {
    await this.row(label).hover();
    await this.row(label)
      .locator(`.action-label[aria-label^=${quoted(button)}]`)
      .click();
  }

  /** Presses a button of the title bar. @param {string} button its tooltip */
  async pressButton(button) {
    await this.widget.locator(`.quick-input-titlebar .action-label[aria-label^=${quoted(button)}]`).click();
  }

  /**
   * Answers a file dialog, which is a quick input where the extension host is not the browser's computer. It follows what
   * is typed with reading folders and takes no Enter meanwhile.
   *
   * @param {string} path absolute
   */
  async answerFile(path) {
    const dialog = this.widget.locator('input[placeholder="Folder path"]');
    await until('the file dialog to show a folder', async () => (await dialog.inputValue()) !== '');
    await until('the file dialog to take the path', async () => {
      await dialog.fill(path, { timeout: 1000 }).catch(() => undefined);
      if ((await dialog.isVisible()) && (await dialog.inputValue()) === path)
        await this.page.keyboard.press('Enter');
      return dialog.waitFor({ state: 'hidden', timeout: 1000 }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Waits for a field that hides what is typed. */
  async masked() {
    await this.widget.locator('input.input[type=password]').waitFor();
  }

  /** Fills the open field, masked or not, and leaves it open. @param {string} value */
  async fill(value) {
    await this.field.waitFor();
    await this.field.fill(value);
  }

  /** Fills the open field and accepts it. @param {string} value */
  async answer(value) {
    await this.fill(value);
    await this.page.keyboard.press('Enter');
  }
}

/** Whether the field took the value within two seconds. @param {Locator} field @param {string} value */
function filled(field, value) {
  return field.fill(value, { timeout: 2000 }).then(
    () => true,
    () => false,
  );
}
