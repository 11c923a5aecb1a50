// Small comforts on top of pages that work without any script.
"use strict";
