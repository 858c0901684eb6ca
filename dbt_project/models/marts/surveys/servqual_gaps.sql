{#- The row `all` of a segment is the weighted gap of the respondents who answered every dimension. -#}
with respondents as (
    select * from {{ ref('int_surveys__servqual_respondents') }}
    where gap is not null
),

weights as (
    select * from {{ ref('int_surveys__servqual_weights') }}
),

dimensions as (
    select * from {{ ref('servqual_dimensions') }}
),

settings as (
    select
        cast({{ threshold('surveys', 'servqual_window_days') }} as bigint) as window_days,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample,
        (select count(*) from {{ ref('servqual_dimensions') }}) as dimension_count
),

complete_respondents as (
    select
        respondents.segment,
        respondents.respondent,
        sum(weights.importance_weight * respondents.expectation) as expectation,
        sum(weights.importance_weight * respondents.perception) as perception,
        sum(weights.importance_weight * respondents.gap) as gap
    from respondents
    inner join weights
        on respondents.segment = weights.segment and respondents.servqual_dimension = weights.servqual_dimension
    cross join settings
    group by respondents.segment, respondents.respondent, settings.dimension_count
    having count(*) = settings.dimension_count
),

gaps as (
    select
        segment,
        servqual_dimension,
        expectation,
        perception,
        gap
    from respondents
    union all
    select
        segment,
        'all' as servqual_dimension,
        expectation,
        perception,
        gap
    from complete_respondents
),

mean_gaps as (
    select
        segment,
        servqual_dimension,
        cast(count(*) as double) as respondent_count,
        avg(expectation) as expectation,
        avg(perception) as perception,
        avg(gap) as gap,
        coalesce(stddev_samp(gap), 0) / sqrt(count(*)) as standard_error
    from gaps
    group by segment, servqual_dimension
),

bounded as (
    select
        *,
        standard_error * ({{ t_quantile('(respondent_count - 1)') }}) as half_width
    from mean_gaps
),

sources as (
    select
        segment,
        max(weight_source) as weight_source,
        max(weight_count) as weight_count
    from weights
    group by segment
),

weighted as (
    select
        bounded.*,
        dimensions.dimension_rank,
        coalesce(dimensions.dimension_en, 'All dimensions, weighted') as dimension_en,
        coalesce(dimensions.dimension_zh, '全部维度（加权）') as dimension_zh,
        case when bounded.servqual_dimension = 'all' then 1 else weights.importance_weight end as importance_weight,
        sources.weight_source,
        sources.weight_count
    from bounded
    inner join sources on bounded.segment = sources.segment
    left join dimensions on bounded.servqual_dimension = dimensions.servqual_dimension
    left join weights
        on bounded.segment = weights.segment and bounded.servqual_dimension = weights.servqual_dimension
),

ranked as (
    select
        segment,
        servqual_dimension,
        row_number() over (
            partition by segment order by {{ steady('importance_weight * gap') }}, dimension_rank
        ) as priority_rank
    from weighted
    where servqual_dimension != 'all'
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        weighted.segment,
        weighted.servqual_dimension,
        weighted.dimension_en,
        weighted.dimension_zh,
        settings.window_days,
        cast(weighted.respondent_count as bigint) as respondent_count,
        weighted.respondent_count >= settings.minimum_sample as is_reportable,
        {{ steady('weighted.expectation') }} as expectation,
        {{ steady('weighted.perception') }} as perception,
        {{ steady('weighted.gap') }} as gap,
        {{ steady('weighted.gap - weighted.half_width') }} as gap_low,
        {{ steady('weighted.gap + weighted.half_width') }} as gap_high,
        {{ steady('weighted.importance_weight') }} as importance_weight,
        weighted.weight_source,
        weighted.weight_count,
        {{ steady('weighted.importance_weight * weighted.gap') }} as weighted_gap,
        {{ steady('weighted.importance_weight * (weighted.gap - weighted.half_width)') }} as weighted_gap_low,
        {{ steady('weighted.importance_weight * (weighted.gap + weighted.half_width)') }} as weighted_gap_high,
        cast(ranked.priority_rank as bigint) as priority_rank
    from weighted
    left join ranked
        on weighted.segment = ranked.segment and weighted.servqual_dimension = ranked.servqual_dimension
    cross join settings
)

select * from final
