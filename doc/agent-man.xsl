<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<!--
  An OCF agent's meta-data as a manual page, in man(7) macros. Owns the page's
  frame; every word about parameters and actions is the agent's own.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:param name="provider" select="'virt'"/>
  <xsl:param name="version"/>
  <xsl:variable name="ra" select="/resource-agent/@name"/>

  <xsl:template match="/resource-agent">
    <xsl:value-of select="concat('.TH &quot;OCF_', $provider, '_', $ra, '&quot; 7 &quot;&quot; &quot;')"/>
    <xsl:value-of select="concat('GuardedVM ', $version, '&quot; &quot;OCF resource agents&quot;&#10;')"/>
    <xsl:value-of select="concat('.SH NAME&#10;ocf_', $provider, '_', $ra, ' \- ')"/>
    <xsl:call-template name="words"><xsl:with-param name="text" select="shortdesc"/></xsl:call-template>
    <xsl:value-of select="concat('.SH SYNOPSIS&#10;.B pcs resource create \fIid\fB ocf:', $provider, ':', $ra, '&#10;')"/>
    <xsl:for-each select="parameters/parameter[@required = '1']">
      <xsl:value-of select="concat('.BI ', @name, '= value&#10;')"/>
    </xsl:for-each>
    <xsl:text>.RI [ parameter = value ...]&#10;.SH DESCRIPTION&#10;</xsl:text>
    <xsl:call-template name="paragraphs"><xsl:with-param name="text" select="longdesc"/></xsl:call-template>
    <xsl:text>.SH PARAMETERS&#10;</xsl:text>
    <xsl:apply-templates select="parameters/parameter"/>
    <xsl:text>.SH ACTIONS&#10;The timeouts and intervals that are advised, in Pacemaker's notation:&#10;</xsl:text>
    <xsl:apply-templates select="actions/action"/>
    <xsl:text>.SH SEE ALSO&#10;.BR guardedvm (8),&#10;.BR pcs (8),&#10;.BR crm_mon (8)&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="parameter">
    <xsl:value-of select="concat('.TP&#10;.B ', @name, '&#10;')"/>
    <xsl:text>(</xsl:text>
    <xsl:if test="@required = '1'">required, </xsl:if>
    <xsl:value-of select="content/@type"/>
    <xsl:if test="content/@default">
      <xsl:text>, default \(lq</xsl:text>
      <xsl:call-template name="escaped"><xsl:with-param name="text" select="content/@default"/></xsl:call-template>
      <xsl:text>\(rq</xsl:text>
    </xsl:if>
    <xsl:if test="@reloadable = '1'">, changes without a restart</xsl:if>
    <xsl:if test="@unique-group">
      <xsl:value-of select="concat(', unique (', @unique-group, ')')"/>
    </xsl:if>
    <xsl:text>)&#10;.br&#10;</xsl:text>
    <xsl:call-template name="paragraphs"><xsl:with-param name="text" select="longdesc"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="action">
    <xsl:value-of select="concat('.TP&#10;.B ', @name, '&#10;timeout ', @timeout)"/>
    <xsl:if test="@interval"><xsl:value-of select="concat(', interval ', @interval)"/></xsl:if>
    <xsl:if test="@depth"><xsl:value-of select="concat(', level ', @depth)"/></xsl:if>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- Blank lines part paragraphs; inside one, white space is one blank. -->
  <xsl:template name="paragraphs">
    <xsl:param name="text"/>
    <xsl:variable name="rest" select="substring-after($text, '&#10;&#10;')"/>
    <xsl:variable name="first">
      <xsl:choose>
        <xsl:when test="contains($text, '&#10;&#10;')">
          <xsl:value-of select="substring-before($text, '&#10;&#10;')"/>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="normalize-space($first) != ''">
      <xsl:call-template name="lines"><xsl:with-param name="text" select="$first"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space($rest) != ''">
      <xsl:if test="normalize-space($first) != ''"><xsl:text>.sp&#10;</xsl:text></xsl:if>
      <xsl:call-template name="paragraphs"><xsl:with-param name="text" select="$rest"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- A line that begins with "- " is an entry of a list. -->
  <xsl:template name="lines">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="contains($text, '&#10;- ')">
        <xsl:call-template name="words">
          <xsl:with-param name="text" select="substring-before($text, '&#10;- ')"/>
        </xsl:call-template>
        <xsl:text>.br&#10;\(bu </xsl:text>
        <xsl:call-template name="lines">
          <xsl:with-param name="text" select="substring-after($text, '&#10;- ')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="words"><xsl:with-param name="text" select="$text"/></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- One line of text; \& keeps a leading dot from being a macro. -->
  <xsl:template name="words">
    <xsl:param name="text"/>
    <xsl:text>\&amp;</xsl:text>
    <xsl:call-template name="escaped">
      <xsl:with-param name="text" select="normalize-space($text)"/>
    </xsl:call-template>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template name="escaped">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="contains($text, '\')">
        <xsl:value-of select="concat(substring-before($text, '\'), '\e')"/>
        <xsl:call-template name="escaped">
          <xsl:with-param name="text" select="substring-after($text, '\')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
