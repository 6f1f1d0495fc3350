@echo off
rem Start the app on Windows by a double click: find a Python that can run it, and hand over to
rem starter\__main__.py. A Python in the folder "python" beside this file comes first: a stick can bring its own.
setlocal
title Forger ^& Detective
pushd "%~dp0"
if errorlevel 1 goto failed

set "FOUND="
call :search ready
call :search fitting
if not defined FOUND goto none
call %FOUND% -m starter %*
if errorlevel 1 goto failed
popd
exit /b 0

:none
echo There is no Python here that can run Forger ^& Detective.
for %%P in ("python\python.exe" "py -3.14" "py -3.13" "py -3.12" "py -3.11" "python") do call :why %%~P
echo Get the "Windows installer (64-bit)" of Python 3.13 from https://www.python.org/downloads/windows/
echo and open this file again.

:failed
echo.
pause
popd
exit /b 1

:search
set "ASKED=%1"
for %%P in ("python\python.exe" "py -3.14" "py -3.13" "py -3.12" "py -3.11" "python") do if not defined FOUND call :try %%~P
exit /b 0

:try
call %* starter\fits.py %ASKED% >nul 2>nul
if not errorlevel 1 set "FOUND=%*"
exit /b 0

:why
call %* starter\fits.py 2>nul
exit /b 0
