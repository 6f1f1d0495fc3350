@echo off
rem Remove all that the app has stored, and ask before anything of value goes.
call "%~dp0..\start-windows.bat" uninstall
