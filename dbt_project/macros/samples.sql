{#- SQL double: standard deviation of a sample from its sum of squares, mean and size; NULL below two observations. -#}
{% macro sample_deviation(squares, mean, observations) -%}
    {{ steady(
        'sqrt(greatest(' ~ squares ~ ' - ' ~ mean ~ ' * ' ~ mean ~ ' * ' ~ observations ~ ', 0) / nullif(' ~ observations
        ~ ' - 1, 0))'
    ) }}
{%- endmacro %}


{#- SQL double: one end of the normal interval of a mean; NULL below two observations. -#}
{% macro mean_end(mean, deviation, observations, sign) -%}
    {{ steady(mean ~ ' ' ~ sign ~ ' ' ~ var('interval_z') ~ ' * ' ~ deviation ~ ' / sqrt(' ~ observations ~ ')') }}
{%- endmacro %}


{#- SQL double: Pearson's correlation from sums of centred products and squares; NULL where a side does not vary. -#}
{% macro correlation(products, left_squares, right_squares) -%}
    case
        when {{ left_squares }} * {{ right_squares }} > 0
            then greatest(least({{ products }} / sqrt({{ left_squares }} * {{ right_squares }}), 1), -1)
    end
{%- endmacro %}


{#- SQL double: one end of the interval of a correlation (Fisher 1921): normal on the z scale with standard error
    1 / sqrt(effective pairs - 3). -#}
{% macro fisher_end(correlation, effective_pairs, sign) -%}
    {%- set z = 'ln((1 + ' ~ correlation ~ ') / nullif(1 - ' ~ correlation ~ ', 0)) / 2' -%}
    {%- set end = '(' ~ z ~ ' ' ~ sign ~ ' ' ~ var('interval_z') ~ ' / sqrt(nullif(greatest(' ~ effective_pairs ~ ' - 3, 0), 0)))' -%}
    {{ steady('(exp(2 * ' ~ end ~ ') - 1) / (exp(2 * ' ~ end ~ ') + 1)') }}
{%- endmacro %}
